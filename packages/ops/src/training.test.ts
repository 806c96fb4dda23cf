import { key } from '@gmlp/base';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { adamw, adamwInit } from './adamw.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { normal, onEachBackend, toTensor } from './each-backend.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layer-norm.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

onEachBackend('these ops, TF.js’s core and a backend are enough to train: a classifier learns which quarter of the plane', () => {
  const points = toTensor(normal('points', [64, 2]));
  const labels = tf.cast(tf.sum(tf.mul(tf.cast(tf.greater(points, 0), 'int32'), tf.tensor1d([1, 2], 'int32')), 1), 'int32');
  const leaves = [normal('w1', [2, 16], 0.5), normal('w2', [16, 4], 0.2)].map(toTensor);
  let params = [leaves[0]!, tf.zeros([16]), tf.ones([16]), tf.zeros([16]), leaves[1]!, tf.zeros([4])];
  const loss = (...[w1, b1, scale, offset, w2, b2]: tf.Tensor[]): Scalar => {
    const hidden = gelu(layerNorm(dense(points, w1 as Tensor2D, b1 as Tensor1D), scale as Tensor1D, offset as Tensor1D, 1e-5));
    const logits = dense(dropout(hidden, 0.1, key(4)), w2 as Tensor2D, b2 as Tensor1D);
    const { sum, count } = softmaxCrossEntropy(logits, labels);
    return tf.div(sum, count);
  };
  let state = adamwInit(params);
  const losses: number[] = [];
  for (let step = 0; step < 40; step++) {
    const { value, grads } = tf.valueAndGrads(loss)(params);
    losses.push(value.dataSync()[0]!);
    ({ params, state } = adamw(params, state, clipByGlobalNorm(grads, 1).gradients, tf.scalar(0.05)));
  }
  expect(losses[0]).toBeGreaterThan(1);
  expect(losses.at(-1)).toBeLessThan(0.25);
});
