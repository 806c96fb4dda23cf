import { expect, it } from 'vitest';
import { thin } from './thin.ts';

const series = (length: number) => Array.from({ length }, (_, step) => [step, step % 2] as const);

it('leaves short series alone and makes long ones short, keeping their mean and their end', () => {
  expect(thin(series(600), 600)).toEqual(series(600));
  for (const length of [601, 10_000, 1_000_000]) {
    const short = thin(series(length), 600);
    expect(short.length).toBeLessThanOrEqual(600);
    expect(short.at(-1)).toEqual([length - 1, (length - 1) % 2]);
    expect(short[0]![1]).toBeCloseTo(0.5, 0);
  }
});

it('what is no number does not spoil its neighbours', () => {
  const broken = series(1000).map(([step, value]) => [step, step === 3 ? Number.NaN : value] as const);
  expect(thin(broken, 100).every(([, value]) => Number.isFinite(value))).toBe(true);
});
