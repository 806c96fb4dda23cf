import { GmlpError } from '@gmlp/base';
import { describe, expect, it } from 'vitest';
import { linearWarmup } from './schedule.ts';

describe('linearWarmup', () => {
  it('rises linearly to the peak, then falls linearly', () => {
    const rate = linearWarmup({ peak: 8, warmupSteps: 4, steps: 12 });
    const rates = Array.from({ length: 12 }, (_, index) => rate(index + 1));
    expect(rates).toEqual([2, 4, 6, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('follows half a cosine to the floor', () => {
    const rate = linearWarmup({ peak: 1, warmupSteps: 10, steps: 110, decay: 'cosine', floor: 0.2 });
    expect(rate(11)).toBe(1);
    expect(rate(61)).toBeCloseTo(0.6, 12); // half way
    expect(rate(1000)).toBeCloseTo(0.2, 12); // stays at the floor
    for (let step = 11; step < 110; step++) expect(rate(step + 1)).toBeLessThan(rate(step));
  });

  it('stays at the peak without decay, and needs no warm-up', () => {
    const rate = linearWarmup({ peak: 3, warmupSteps: 0, steps: 5, decay: 'none' });
    expect([1, 2, 5, 50].map(rate)).toEqual([3, 3, 3, 3]);
  });

  it.each([
    { peak: 1, warmupSteps: 6, steps: 5 },
    { peak: 1, warmupSteps: 0.5, steps: 5 },
    { peak: -1, warmupSteps: 0, steps: 5 },
    { peak: Number.NaN, warmupSteps: 0, steps: 5 },
    { peak: 1, warmupSteps: 0, steps: 5, floor: 2 },
    { peak: 1, warmupSteps: 0, steps: 5, decay: 'cosin' as 'cosine' },
  ])('refuses %o', (options) => {
    expect(() => linearWarmup(options)).toThrow(GmlpError);
  });
});
