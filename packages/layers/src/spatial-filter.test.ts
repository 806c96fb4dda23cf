import { hostArray } from '@gmlp/base';
import { toeplitz } from '@gmlp/ops';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { spatialFilter } from './spatial-filter.ts';

it('unrolls a Toeplitz vector as the op does, and leaves a dense matrix', async () => {
  const vector = Float32Array.of(1, 2, 3, 4, 5, 6, 7);
  const { matrix } = spatialFilter(hostArray('float32', [7], vector), 4);
  await tf.setBackend('cpu');
  expect(matrix).toEqual(await tf.tidy(() => toeplitz(tf.tensor1d(vector))).data());
  expect(spatialFilter(hostArray('float32', [2, 2], Float32Array.of(1, 2, 3, 4)), 2).matrix).toEqual(Float32Array.of(1, 2, 3, 4));
});

it('of a causal model nothing stands above the diagonal', () => {
  const causal = (shape: number[], ...values: number[]): number[] => [
    ...spatialFilter(hostArray('float32', shape, Float32Array.from(values)), 2, { causal: true }).matrix,
  ];
  expect(causal([3], 1, 2, 3)).toEqual([2, 0, 1, 2]);
  expect(causal([2, 2], 1, 2, 3, 4)).toEqual([1, 0, 3, 4]);
});
