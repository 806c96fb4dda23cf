import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { layerNorm } from './layer-norm.ts';

beforeAll(() => tf.setBackend('cpu'));

it('adds 1e-6 to the variance unless told otherwise', () => {
  const params = { scale: tf.ones([2]), offset: tf.zeros([2]) };
  const x = tf.tensor2d([[1e-3, -1e-3]]); // its variance is 1e-6
  const first = (y: tf.Tensor): number => y.dataSync()[0]!;
  expect(first(layerNorm({ channels: 2 }).apply(params, x))).toBeCloseTo(Math.SQRT1_2, 4);
  expect(first(layerNorm({ channels: 2, epsilon: 8e-6 }).apply(params, x))).toBeCloseTo(1 / 3, 4);
});
