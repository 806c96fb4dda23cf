import { expect, it } from 'vitest';
import { interval } from './passes.ts';

it('gives the median and the sorted values that bound it in 95 of 100 samples', () => {
  const values = Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
  expect(interval(values)).toEqual({ median: 50, low: 40, high: 60 });
  expect(interval([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
});
