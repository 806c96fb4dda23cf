import { hostArray } from '@gmlp/base';
import { toeplitz } from '@gmlp/ops';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { spatialFilter } from './spatial-filter.ts';
import type { SpatialForm } from './spatial-form.ts';

it('unrolls a Toeplitz vector as the op does, and leaves a dense matrix', async () => {
  const vector = Float32Array.of(1, 2, 3, 4, 5, 6, 7);
  const { matrix } = spatialFilter(hostArray('float32', [7], vector), 'toeplitz');
  await tf.setBackend('cpu');
  expect(matrix).toEqual(await tf.tidy(() => toeplitz(tf.tensor1d(vector))).data());
  const dense = spatialFilter(hostArray('float32', [2, 2], Float32Array.of(1, 2, 3, 4)), 'dense');
  expect(dense).toEqual({ matrix: Float32Array.of(1, 2, 3, 4), rows: 2, tokens: 2, of: 'tokens' });
});

it('of a Mixer a row is what a hidden unit takes from each token', () => {
  const weight = hostArray('float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)); // [tokens, hidden]
  const expected = { matrix: Float32Array.of(1, 3, 5, 2, 4, 6), rows: 2, tokens: 3, of: 'hidden units' };
  expect(spatialFilter(weight, 'hidden')).toEqual(expected);
});

it('of a causal model nothing stands above the diagonal', () => {
  const causal = (form: SpatialForm, shape: number[], ...values: number[]): number[] => [
    ...spatialFilter(hostArray('float32', shape, Float32Array.from(values)), form, { causal: true }).matrix,
  ];
  expect(causal('toeplitz', [3], 1, 2, 3)).toEqual([2, 0, 1, 2]);
  expect(causal('dense', [2, 2], 1, 2, 3, 4)).toEqual([1, 0, 3, 4]);
});
