import { key } from '@gmlp/base';
import { expect, it } from 'vitest';
import { draw } from './initialisers.ts';

const shape = [200, 300];
const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const extreme = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

it('a normal has its deviation', () => {
  expect(deviation(draw({ kind: 'normal', deviation: 1e-6 }, shape, key(0))) * 1e6).toBeCloseTo(1, 1);
});

it('a truncated normal ends at two deviations, with the deviation that this leaves (0.880)', () => {
  const values = draw({ kind: 'truncated-normal', deviation: 0.02 }, shape, key(0));
  expect(extreme(values)).toBeLessThanOrEqual(0.04);
  expect(extreme(values)).toBeGreaterThan(0.039);
  expect(deviation(values) / 0.02).toBeCloseTo(0.88, 2);
});

it('glorot-uniform fills its interval', () => {
  const values = draw({ kind: 'glorot-uniform' }, shape, key(0));
  const limit = Math.sqrt(6 / 500);
  expect(extreme(values)).toBeLessThanOrEqual(limit);
  expect(deviation(values)).toBeCloseTo(limit / Math.sqrt(3), 3);
  expect(() => draw({ kind: 'glorot-uniform' }, [5], key(0))).toThrow(/needs a matrix, got shape \[5\]/);
});

it('one key draws one set of values', () => {
  for (const kind of ['normal', 'truncated-normal'] as const) {
    expect(draw({ kind, deviation: 1 }, [50], key(4))).toEqual(draw({ kind, deviation: 1 }, [50], key(4)));
  }
});
