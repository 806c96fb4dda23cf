import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { clipByGlobalNorm, globalNorm } from './clip-by-global-norm.ts';
import { normal, onEachBackend, toTensor } from './each-backend.ts';

onEachBackend('clipByGlobalNorm: the norm over all leaves; a tree above it is scaled to it, one below is left', () => {
  const tree = {
    a: tf.tensor2d([
      [3, 0],
      [0, 0],
    ]),
    b: [tf.scalar(4), tf.tensor1d([12])],
  };
  const { gradients, norm } = clipByGlobalNorm(tree, 1);
  expect(norm.dataSync()[0]).toBeCloseTo(13, 5);
  expect(globalNorm(gradients).dataSync()[0]).toBeCloseTo(1, 5);
  expect(gradients.b[1]!.dataSync()[0]).toBeCloseTo(12 / 13, 5);
  expect(clipByGlobalNorm(tree, 20).gradients.a.arraySync()).toEqual([
    [3, 0],
    [0, 0],
  ]);
});

onEachBackend('clipByGlobalNorm: zero gradients stay zero; only the results are left behind', () => {
  const tree = [tf.zeros([3]), tf.zeros([0, 4])];
  const before = tf.memory().numTensors;
  const { gradients, norm } = clipByGlobalNorm(tree, 1);
  expect(tf.memory().numTensors).toBe(before + 3);
  expect(norm.dataSync()[0]).toBe(0);
  expect(Array.from(gradients[0]!.dataSync())).toEqual([0, 0, 0]);
});

onEachBackend('globalNorm: two million elements lose no digits', () => {
  expect(globalNorm([toTensor(normal('large', [1024, 2048]))]).dataSync()[0]! / Math.sqrt(2 ** 21)).toBeCloseTo(1, 2);
  expect(Math.abs(globalNorm([tf.fill([1024, 2048], 0.1)]).dataSync()[0]! / (0.1 * Math.sqrt(2 ** 21)) - 1)).toBeLessThan(3e-5);
});

it('clipByGlobalNorm: a norm of zero and an empty tree are refused', () => {
  expect(() => clipByGlobalNorm([tf.ones([2])], 0)).toThrow(/clipByGlobalNorm: expected a positive maxNorm, got maxNorm 0/);
  expect(() => clipByGlobalNorm({}, 1)).toThrow(/at least one element/);
});
