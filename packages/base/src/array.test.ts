import { expect, test } from 'vitest';
import { allocate, hostArray, isHostArray, sameShape, sizeOf } from './array.ts';

test('sizes and shapes', () => {
  expect([sizeOf([]), sizeOf([3, 4]), sizeOf([2, 0])]).toEqual([1, 12, 0]);
  expect(sameShape([1, 2], [1, 2])).toBe(true);
  expect(sameShape([1, 2], [1, 2, 1])).toBe(false);
});

test('data must fill the shape', () => {
  expect(isHostArray(hostArray('int32', [2, 3], new Int32Array(6)))).toBe(true);
  expect(() => hostArray('float32', [2, 3], new Float32Array(5))).toThrow('shape [2, 3] needs 6 elements, got 5');
});

test('each dtype has its typed array', () => {
  expect(
    [allocate('float32', 1), allocate('int32', 1), allocate('bool', 1), allocate('uint32', 1)].map((a) => a.constructor),
  ).toEqual([Float32Array, Int32Array, Uint8Array, Uint32Array]);
});
