import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, normal, onEachBackend, toTensor } from './each-backend.ts';
import { layerNorm } from './layer-norm.ts';

const norm = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon = 1e-6) =>
  layerNorm(x, scale as tf.Tensor1D, offset as tf.Tensor1D, epsilon);

onEachBackend('layerNorm: its gradients are those of its values, for any leading axes', async () => {
  for (const shape of [[6], [4, 6], [2, 3, 6], [2, 1, 3, 6]]) {
    await expectGradients(
      (x, scale, offset) => norm(x!, scale!, offset!),
      [normal('x', shape), normal('s', [6]), normal('o', [6])],
      {
        tolerance: 2e-3,
        step: 1 / 64,
      },
    );
  }
});

onEachBackend('layerNorm: rows have mean 0 and variance 1, and neither shift nor scale of x changes them', () => {
  const x = toTensor(normal('x', [5, 64]));
  const [scale, offset] = [tf.ones([64]), tf.zeros([64])];
  const y = norm(x, scale, offset);
  const { mean, variance } = tf.moments(y, 1);
  expect(Math.max(...mean.dataSync().map(Math.abs))).toBeLessThan(1e-6);
  expect(Math.max(...variance.dataSync().map((value) => Math.abs(value - 1)))).toBeLessThan(1e-5);
  const moved = norm(tf.add(tf.mul(x, 8), 32), scale, offset);
  expect(tf.max(tf.abs(tf.sub(moved, y))).dataSync()[0]).toBeLessThan(1e-5);
});

onEachBackend('layerNorm: the variance has epsilon added', () => {
  // The variance of [d, -d] is d^2.
  for (const [d, epsilon] of [
    [1e-3, 1e-6],
    [2e-3, 1e-6],
    [0.5, 0.75],
  ] as const) {
    const y = norm(tf.tensor2d([[d, -d]]), tf.ones([2]), tf.zeros([2]), epsilon);
    expect(y.dataSync()[0]).toBeCloseTo(d / Math.sqrt(d * d + epsilon), 5);
  }
});

onEachBackend('layerNorm: a constant row gives the offset, and finite gradients', () => {
  const x = tf.fill([2, 4], 3);
  const offset = tf.tensor1d([1, 2, 3, 4]);
  expect(Array.from(norm(x, tf.ones([4]), offset).dataSync())).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  const dx = tf.grad((at: tf.Tensor) => tf.sum(tf.square(norm(at, tf.ones([4]), offset))))(x);
  expect(Array.from(dx.dataSync()).every(Number.isFinite)).toBe(true);
});

onEachBackend('layerNorm: the gradient of x holds up when the mean is large against the deviation', async () => {
  const x = tf.add(toTensor(normal('x', [3, 32])), 100);
  const direction = toTensor(normal('dy', [3, 32]));
  const [scale, offset] = [toTensor(normal('scale', [32])), tf.zeros([32])];
  const gradient = (at: tf.Tensor) => tf.grad((z: tf.Tensor) => norm(z, scale, offset))(at, direction);
  const error = tf.max(tf.abs(tf.sub(gradient(x), gradient(tf.sub(x, 100)))));
  expect(error.dataSync()[0]).toBeLessThan(1e-3);
});

it('layerNorm: shapes that do not fit are named', () => {
  expect(() => norm(tf.zeros([2, 3]), tf.ones([4]), tf.zeros([4]))).toThrow(
    /layerNorm: expected x \[..., channels\], scale \[channels\], offset \[channels\], got x float32 \[2, 3\], scale float32 \[4\]/,
  );
  expect(() => norm(tf.zeros([2, 3]), tf.ones([3]), tf.zeros([3]), 0)).toThrow(/a positive epsilon/);
});
