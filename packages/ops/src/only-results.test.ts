import { key } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { attend } from './attend.ts';
import { attentionScores } from './attention-scores.ts';
import { dense } from './dense.ts';
import { dropout, dropPath } from './dropout.ts';
import { onEachBackend } from './each-backend.ts';
import { embedding } from './embedding.ts';
import { gatherPositions } from './gather-positions.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layer-norm.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';
import { spatialProjection } from './spatial-projection.ts';
import { toeplitz } from './toeplitz.ts';

onEachBackend('ops called outside of tidy leave their results behind and nothing else, forward and backward', () => {
  const x = tf.randomNormal([2, 4, 3]);
  const x3 = x as tf.Tensor3D;
  const ids = tf.ones([2, 4], 'int32') as tf.Tensor2D;
  const [weight, bias, square, perToken] = [tf.ones([3, 5]), tf.ones([3]), tf.ones([4, 4]), tf.ones([4])] as [
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor2D,
    tf.Tensor1D,
  ];
  const diagonals = tf.ones([7]) as tf.Tensor1D;
  const scores = tf.ones([1, 4, 4]);
  const calls: [string, Tensor, (at: Tensor) => Tensor][] = [
    ['gelu', x, (at) => gelu(at)],
    ['gelu tanh', x, (at) => gelu(at, 'tanh')],
    ['layerNorm', x, (at) => layerNorm(at, bias, bias, 1e-6)],
    ['dense', x, (at) => dense(at, weight)],
    ['spatialProjection', x, (at) => spatialProjection(at as tf.Tensor3D, square, perToken)],
    ['spatialProjection causal', square, (at) => spatialProjection(x3, at as tf.Tensor2D, perToken, { causal: true })],
    ['toeplitz', diagonals, (at) => toeplitz(at as tf.Tensor1D)],
    ['embedding', weight, (at) => embedding(ids, at as tf.Tensor2D)],
    ['gatherPositions', x, (at) => gatherPositions(at as tf.Tensor3D, ids)],
    ['dropout', x, (at) => dropout(at, 0.5, key(1))],
    ['dropPath', x, (at) => dropPath(at, 0.5, key(1))],
    ['attentionScores', x, (at) => attentionScores(at, x)],
    ['attend', x, (at) => attend(scores, at, { rate: 0.5, key: key(1) })],
  ];
  for (const [name, input, call] of calls) {
    const before = tf.memory().numTensors;
    const output = call(input);
    expect(tf.memory().numTensors - before, name).toBe(1);
    const gradient = tf.grad(call)(input);
    expect(tf.memory().numTensors - before, `gradient of ${name}`).toBe(2);
    tf.dispose([output, gradient]);
  }
  const before = tf.memory().numTensors;
  softmaxCrossEntropy(x, ids);
  expect(tf.memory().numTensors - before).toBe(2);
  tf.grad((at: Tensor) => softmaxCrossEntropy(at, ids, { labelSmoothing: 0.1 }).sum)(x);
  expect(tf.memory().numTensors - before).toBe(3);
});
