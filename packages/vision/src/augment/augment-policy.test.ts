import { key } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldenCases } from '../node/golden-pictures.ts';
import { pixels } from '../pixels/pixels.ts';
import { augmented, augmentPolicy } from './augment-policy.ts';
import { colorJitter } from './color-jitter.ts';
import { eraseRandomly } from './random-erasing.ts';
import { randomBox } from './random-resized-crop.ts';

const { input } = goldenCases[0]!;
const fill = [128, 128, 128] as const;

test("timm's notation is read, and what is none is refused with what there is", () => {
  const rand = augmentPolicy('rand-m9-mstd0.5-inc1');
  expect(rand).toMatchObject({ layers: 2, levelDeviation: 0.5, highestLevel: 10 });
  expect(rand.chains.length).toBe(15);
  expect(rand.chains).toContainEqual([['PosterizeIncreasing', 0.5, 9]]);
  expect(rand.chains).toContainEqual([['Rotate', 0.5, 9]]);
  expect(augmentPolicy('rand-m7-n3-p1').chains).toContainEqual([['Posterize', 1, 7]]);
  expect(augmentPolicy('rand-m7-n3-mstd101').levelDeviation).toBe(Number.POSITIVE_INFINITY);
  expect(augmentPolicy('original-mstd0.5').chains.length).toBe(25);
  expect(augmentPolicy('originalr').chains[0]).toEqual([
    ['PosterizeIncreasing', 0.4, 8],
    ['Rotate', 0.6, 9],
  ]);
  for (const [notation, part] of [
    ['rand-x3', 'x3'],
    ['augmix', 'augmix'],
    ['constructor', 'constructor'],
    ['original-m9', 'm9'],
    ['rand-m9-m8', 'm8'],
    ['rand-', ''],
    ['', ''],
  ]) {
    expect(() => augmentPolicy(notation!)).toThrow(`got "${notation}", where "${part}" is unknown`);
  }
});

test('the key alone decides what becomes of a picture, and most keys change it', () => {
  for (const notation of ['original', 'v0r-mstd0.5', 'rand-m9-mstd0.5-inc1', 'rand-m9-mstd101']) {
    const policy = augmentPolicy(notation);
    const seen = Array.from({ length: 60 }, (_, seed) => augmented(input, policy, fill, key(seed)).data.join());
    expect(seen).toEqual(Array.from({ length: 60 }, (_, seed) => augmented(input, policy, fill, key(seed)).data.join()));
    expect(new Set(seen).size).toBeGreaterThan(20);
  }
});

test('a crop lies in the picture, and its area and ratio are in range where the picture allows it', () => {
  const side = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(side, side, fc.integer(), (width, height, seed) => {
      const box = randomBox({ width, height }, {}, key(seed));
      expect(Object.values(box).every(Number.isInteger)).toBe(true);
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
      expect(box.left + box.width).toBeLessThanOrEqual(width);
      expect(box.top + box.height).toBeLessThanOrEqual(height);
    }),
    { numRuns: 1000 },
  );
  const boxes = Array.from({ length: 2000 }, (_, seed) => randomBox({ width: 500, height: 375 }, {}, key(seed)));
  const areas = boxes.map(({ width, height }) => (width * height) / (500 * 375));
  expect(Math.min(...areas)).toBeGreaterThan(0.075);
  expect(areas.reduce((sum, area) => sum + area, 0) / areas.length).toBeGreaterThan(0.4);
  for (const { width, height } of boxes) {
    expect(width / height).toBeGreaterThan(0.72);
    expect(width / height).toBeLessThan(1.37);
  }
  expect(randomBox({ width: 1000, height: 10 }, {}, key(1))).toEqual({ left: 493, top: 0, width: 13, height: 10 });
});

test('erasing makes noise of a box, as often as asked', () => {
  const size = { width: 32, height: 32 };
  let erased = 0;
  let noise: number[] = [];
  for (let seed = 0; seed < 400; seed++) {
    const values = new Float32Array(32 * 32 * 3).fill(7);
    eraseRandomly(values, size, { probability: 0.25 }, key(seed));
    const changed = [...values].filter((value) => value !== 7);
    if (changed.length > 0) erased++;
    noise = noise.concat(changed);
    expect(changed.length / values.length).toBeLessThan(0.36);
  }
  expect(Math.abs(erased / 400 - 0.25)).toBeLessThan(0.1);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});

test('colour jitter of no strength is the picture; a strength changes it', () => {
  expect(colorJitter(input, 0, key(1))).toEqual(input);
  const gray = pixels(2, 1, Uint8Array.from([100, 100, 100, 100, 100, 100]));
  const values = Array.from({ length: 200 }, (_, seed) => colorJitter(gray, 0.4, key(seed)).data[0]!);
  // Of one gray only brightness is left.
  expect(Math.min(...values)).toBeGreaterThanOrEqual(59);
  expect(Math.max(...values)).toBeLessThanOrEqual(140);
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(60);
  expect(() => colorJitter(gray, -1, key(0))).toThrow('expected a strength from 0, got -1');
});
