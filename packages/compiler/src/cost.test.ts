import { dense, gelu } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { placeholder } from './placeholder.ts';

const layers = {
  expand: { weight: placeholder('float32', [16, 64]), bias: placeholder('float32', [64]) },
  contract: { weight: placeholder('float32', [64, 16]), bias: placeholder('float32', [16]) },
};
const feedForward = (p: never, x: tf.Tensor3D) => {
  const { expand, contract } = p as Record<string, { weight: tf.Tensor2D; bias: tf.Tensor1D }>;
  return dense(gelu(dense(x, expand!.weight, expand!.bias)), contract!.weight, contract!.bias);
};

test('multiply-adds are those of the formula', () => {
  const report = costOf(feedForward, layers, placeholder('float32', [2, 10, 16]));
  expect(report.multiplyAdds).toBe(2 * 10 * (16 * 64 + 64 * 16));
  expect(report.kernels['BatchMatMul']).toBe(2);
});

test('a batch product counts each matrix', () => {
  const product = (w: tf.Tensor, x: tf.Tensor) => tf.matMul(w, x);
  const shapes = [placeholder('float32', [1, 5, 5]), placeholder('float32', [3, 5, 7])] as const;
  expect(costOf(product as never, ...shapes).multiplyAdds).toBe(3 * 5 * 5 * 7);
});

test('a product of transposed matrices counts what is multiplied, not what is stored', () => {
  const [tall, wide] = [placeholder('float32', [7, 3]), placeholder('float32', [5, 7])]; // 3 x 7 times 7 x 5
  const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true, true);
  expect(costOf(product as never, tall, wide).multiplyAdds).toBe(3 * 7 * 5);
});

test('activations are counted in bytes, each value once', () => {
  const report = costOf((x: tf.Tensor) => tf.greater(tf.exp(x), tf.neg(x)), placeholder('float32', [10]));
  expect(report.activationBytes).toBe(10 * 4 + 10 * 4 + 10);
});

test('the peak frees each value after its last use, and keeps results to the end', () => {
  const chain = (x: tf.Tensor) => tf.exp(tf.exp(tf.exp(tf.exp(x))));
  expect(costOf(chain, placeholder('float32', [10])).peakBytes).toBe(2 * 40); // one is read, one is written
  const fork = (x: tf.Tensor) => {
    const early = tf.exp(x);
    return tf.add(early, tf.exp(tf.exp(tf.exp(tf.neg(x)))));
  };
  expect(costOf(fork, placeholder('float32', [10])).peakBytes).toBe(3 * 40); // `early` waits
  const results = (x: tf.Tensor) => [tf.exp(x), tf.neg(x), tf.abs(x)];
  expect(costOf(results, placeholder('float32', [10])).peakBytes).toBe(3 * 40);
});
