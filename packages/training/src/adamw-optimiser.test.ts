import { dense, layerNorm, type TensorsOf } from '@gmlp/layers';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { adamwOptimiser } from './adamw-optimiser.ts';

beforeAll(() => tf.setBackend('cpu'));

it('decays what the spec says decays, and nothing else', () => {
  const spec = { dense: dense({ inputs: 2, outputs: 3 }).spec, norm: layerNorm({ channels: 3 }).spec };
  const optimiser = adamwOptimiser<TensorsOf<typeof spec>>(spec, { weightDecay: 0.5 });
  const params = {
    dense: { weight: tf.fill([2, 3], 4), bias: tf.fill([3], 4) },
    norm: { scale: tf.fill([3], 4), offset: tf.fill([3], 4) },
  };
  const zeros = {
    dense: { weight: tf.zeros([2, 3]), bias: tf.zeros([3]) },
    norm: { scale: tf.zeros([3]), offset: tf.zeros([3]) },
  };
  const step = { rate: tf.scalar(0.1), scale: tf.scalar(1), norm: tf.scalar(0) };
  const { params: next } = optimiser.update(params, optimiser.init(params), zeros, step);
  const first = (tensor: Tensor): number => tensor.dataSync()[0]!;
  expect(first(next.dense.weight)).toBeCloseTo(4 * (1 - 0.1 * 0.5), 6); // a gradient of 0 moves nothing
  expect([next.dense.bias, next.norm.scale, next.norm.offset].map(first)).toEqual([4, 4, 4]);
});
