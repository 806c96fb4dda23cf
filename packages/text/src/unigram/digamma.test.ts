import { expect, test } from 'vitest';
import { digamma } from './digamma.ts';

// https://dlmf.nist.gov/5.4
test.each([
  [1, -0.5772156649015329],
  [0.5, -0.5772156649015329 - 2 * Math.LN2],
  [0.25, -0.5772156649015329 - Math.PI / 2 - 3 * Math.LN2],
  [10, 2.251752589066721],
])('ψ(%d)', (x, value) => {
  expect(digamma(x)).toBeCloseTo(value, 9);
});

test('ψ(x + 1) = ψ(x) + 1 / x, also of millions', () => {
  for (const x of [0.5, 3.3, 6.9, 7.1, 1e4, 1e9]) expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 7);
});
