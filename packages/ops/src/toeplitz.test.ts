import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, normal, onEachBackend } from './each-backend.ts';
import { toeplitz } from './toeplitz.ts';

onEachBackend('toeplitz: T[i, j] = t[(tokens - 1) + (j - i)]', () => {
  for (const tokens of [1, 2, 5]) {
    const matrix = toeplitz(tf.range(0, 2 * tokens - 1)).arraySync();
    for (let i = 0; i < tokens; i++) for (let j = 0; j < tokens; j++) expect(matrix[i]![j]).toBe(tokens - 1 + j - i);
  }
});

onEachBackend('toeplitz: its gradient sums along diagonals', async () => {
  for (const tokens of [1, 2, 3, 6]) await expectGradients((t) => toeplitz(t as tf.Tensor1D), [normal('t', [2 * tokens - 1])]);
});

it('toeplitz: an even length is refused', () => {
  expect(() => toeplitz(tf.zeros([4]))).toThrow(/toeplitz: expected t \[2 \* tokens - 1\], an odd length, got t float32 \[4\]/);
});
