import fc from 'fast-check';
import { expect, it } from 'vitest';
import { axisTicks, scale } from './axis.ts';

it('chooses round numbers inside the range', () => {
  expect(axisTicks(0, 3000, 6)).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000]);
  expect(axisTicks(4.5, 8.5, 6)).toEqual([5, 6, 7, 8]);
  expect(axisTicks(2, 2, 6)).toEqual([2]);
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      number,
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.integer({ min: 2, max: 10 }),
      (low, extent, count) => {
        const ticks = axisTicks(low, low + extent, count);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        expect(ticks.every((tick) => tick >= low - extent * 1e-6 && tick <= low + extent * (1 + 1e-6))).toBe(true);
      },
    ),
  );
});

it('maps the ends onto the ends', () => {
  const y = scale(2, 6, 100, 0);
  expect([2, 4, 6].map(y)).toEqual([100, 50, 0]);
  expect(scale(1, 1, 0, 10)(1)).toBe(0);
});
