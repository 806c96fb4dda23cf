import { key } from '@gmlp/base';
import { expect, test } from 'vitest';
import { goldenMixes } from '../node/golden-pictures.ts';
import { cutOf, drawnMix, mixedLabels, mixPictures } from './mixup.ts';
import { randomBeta } from './random-beta.ts';

test.each(goldenMixes)("soft labels of share $share are timm's", ({ share, labels, classes, smoothing, soft }) => {
  const own = mixedLabels(labels, classes, { kind: 'mixup', share }, smoothing);
  for (const [i, value] of soft.entries()) expect(own[i]).toBeCloseTo(value, 6);
});

test('labels outside of the classes are refused', () => {
  expect(() => mixedLabels([0, 4], 4, { kind: 'none', share: 1 }, 0)).toThrow('expected labels from 0 to 3, got 4');
});

const size = { width: 4, height: 2 };

test('mixup is a weighted sum with the picture as far from the end, each computed from the pictures before', () => {
  const pictures = Float32Array.from({ length: 3 * 24 }, (_, i) => i);
  mixPictures(pictures, size, { kind: 'mixup', share: 0.75 });
  for (let i = 0; i < 24; i++) {
    expect(pictures[i]).toBeCloseTo(0.75 * i + 0.25 * (48 + i), 4);
    expect(pictures[24 + i]).toBeCloseTo(24 + i, 4);
    expect(pictures[48 + i]).toBeCloseTo(0.75 * (48 + i) + 0.25 * i, 4);
  }
});

test('CutMix replaces a box, and the share is what is left of the picture', () => {
  const mix = cutOf({ width: 8, height: 8 }, 0.75, { x: 0.5, y: 0.01 });
  // A box of 4 x 4 around column 4 and row 0, of which the upper half is cut off.
  expect(mix).toEqual({ kind: 'cutmix', share: 1 - 8 / 64, box: [0, 2, 2, 6] });
  const pictures = new Float32Array(2 * 8 * 8 * 3).fill(1, 8 * 8 * 3);
  mixPictures(pictures, { width: 8, height: 8 }, mix);
  expect(pictures.subarray(0, 192).reduce((sum, value) => sum + value, 0)).toBe(8 * 3);
  expect(pictures[(1 * 8 + 5) * 3]).toBe(1);
  expect(pictures[(1 * 8 + 6) * 3]).toBe(0);
  expect(pictures[(2 * 8 + 5) * 3]).toBe(0);
});

test('half of the batches are cut, half mixed up, and one way alone stays alone', () => {
  const kinds = (options: Parameters<typeof drawnMix>[1]): string[] =>
    Array.from({ length: 400 }, (_, seed) => drawnMix({ width: 32, height: 32 }, options, key(seed)).kind);
  const share = (all: string[], kind: string): number => all.filter((each) => each === kind).length / all.length;
  expect(Math.abs(share(kinds({ mixup: 0.8, cutmix: 1 }), 'cutmix') - 0.5)).toBeLessThan(0.12);
  expect(share(kinds({ mixup: 0.8, cutmix: 0 }), 'mixup')).toBe(1);
  expect(share(kinds({ mixup: 0, cutmix: 1 }), 'cutmix')).toBe(1);
  expect(share(kinds({ mixup: 0, cutmix: 0 }), 'none')).toBe(1);
  expect(Math.abs(share(kinds({ mixup: 0.8, cutmix: 1, probability: 0.25 }), 'none') - 0.75)).toBeLessThan(0.1);
});

test.each([0.2, 0.8, 1, 3])('Beta(%s, %s) has its mean and variance', (alpha) => {
  const draws = Array.from({ length: 4000 }, (_, seed) => randomBeta(alpha, key(seed)));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
  const expected = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(expected / draws.length));
  expect(variance / expected).toBeGreaterThan(0.9);
  expect(variance / expected).toBeLessThan(1.1);
  expect(draws.every((value) => value >= 0 && value <= 1)).toBe(true);
});
