import { expect, test } from 'vitest';
import { goldenCases } from '../node/golden-pictures.ts';
import { pixels } from '../pixels/pixels.ts';
import { resize } from '../pixels/resize.ts';
import { centerCropped, evaluationValues } from './evaluation-transform.ts';
import { imagenetNormalisation, meanColor, normalised } from './normalised.ts';

const { input } = goldenCases[0]!;

test('the middle of the resized picture, of which nothing else is computed', () => {
  const cropped = centerCropped(input, { size: 14, cropFraction: 0.875, interpolation: 'bicubic' });
  const whole = resize(input, { width: 19, height: 16 });
  // 19 - 14 is 5: half of it, rounded to even, is 2.
  const expected = [];
  for (let y = 1; y < 15; y++) expected.push(...whole.data.subarray((y * 19 + 2) * 3, (y * 19 + 16) * 3));
  expect(cropped).toEqual({ width: 14, height: 14, data: Uint8Array.from(expected) });
});

test('a fraction above 1 leaves a black margin', () => {
  const { data } = centerCropped(pixels(4, 4, new Uint8Array(48).fill(9)), {
    size: 8,
    cropFraction: 1.6,
    interpolation: 'bicubic',
  });
  expect([data[0], data[(1 * 8 + 1) * 3], data[(4 * 8 + 4) * 3]]).toEqual([0, 0, 9]);
});

test('values are normalised by channel; flipped ones are the same from the other side', () => {
  const { mean, deviation } = imagenetNormalisation;
  const picture = pixels(2, 1, Uint8Array.from([0, 128, 255, 10, 20, 30]));
  const values = normalised(picture, imagenetNormalisation);
  for (const [i, byte] of picture.data.entries()) {
    expect(values[i]).toBeCloseTo((byte / 255 - mean[i % 3]!) / deviation[i % 3]!, 5);
  }
  expect(meanColor(imagenetNormalisation)).toEqual([124, 116, 104]);
  const transform = { size: 1, cropFraction: 1, interpolation: 'bicubic', ...imagenetNormalisation } as const;
  expect(evaluationValues(picture, transform).length).toBe(3);
  const square = { ...transform, size: 2 };
  const [straight, flipped] = [false, true].map((each) => [...evaluationValues(input, square, { flipped: each })]) as [
    number[],
    number[],
  ];
  expect(flipped).toEqual([...straight.slice(3, 6), ...straight.slice(0, 3), ...straight.slice(9), ...straight.slice(6, 9)]);
  expect(() => normalised(picture, { mean, deviation: [0.2, 0, 0.2] })).toThrow('a deviation above 0, got 0.456 and 0');
});
