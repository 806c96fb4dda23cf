import { expect, it } from 'vitest';
import { relativePositionBucket } from './relative-position-bias.ts';

// By hand from T5's formula with 32 buckets up to 128: 16 for each direction, 8 exact, then 8 + floor(8 ln(d / 8) / ln 16).
it.each([
  [0, 0],
  [-1, 1],
  [-7, 7],
  [-8, 8],
  [-11, 8],
  [-12, 9],
  [-15, 9],
  [-16, 10],
  [-31, 11],
  [-32, 12],
  [-64, 14],
  [-90, 14],
  [-91, 15],
  [-127, 15],
  [-128, 15],
  [-100_000, 15],
  [1, 17],
  [7, 23],
  [8, 24],
  [12, 25],
  [64, 30],
  [100_000, 31],
])('a token %i places further on is in bucket %i', (distance, bucket) => {
  expect(relativePositionBucket(distance, 32, 128)).toBe(bucket);
});
