import { hostArray } from '@gmlp/base';
import { expect, it } from 'vitest';
import { expectAllClose, expectClose, relativeError } from './closeness.ts';

const array = (...values: number[]) => hostArray('float32', [values.length], Float32Array.from(values));

it('the error is relative to the largest expected value', () => {
  expect(relativeError(array(1, 4.5), array(1, 4))).toBeCloseTo(0.125);
  expect(relativeError(array(0.5), array(0), 1000)).toBeCloseTo(0.5);
  expect(relativeError(array(0, 0), array(0, 0))).toBe(0);
});

it('shapes, NaN and lone infinities are infinitely far apart', () => {
  expect(relativeError(array(1), array(1, 1))).toBe(Number.POSITIVE_INFINITY);
  expect(relativeError(array(Number.NaN), array(1))).toBe(Number.POSITIVE_INFINITY);
  expect(relativeError(array(Number.POSITIVE_INFINITY), array(1))).toBe(Number.POSITIVE_INFINITY);
});

it('failures name the array and both values', () => {
  expect(() => expectClose(array(1.1), array(1), { name: 'logits' })).toThrow(/logits: relative error 1.00e-1 exceeds 0.00001/);
  expect(() => expectAllClose(new Map([['a', array(1)]]), new Map([['b', array(1)]]))).toThrow(/missing \[b\], unexpected \[a\]/);
});
