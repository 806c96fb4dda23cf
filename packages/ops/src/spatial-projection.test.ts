import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, normal, onEachBackend, toTensor } from './each-backend.ts';
import { spatialProjection } from './spatial-projection.ts';
import { toeplitz } from './toeplitz.ts';

const project = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, causal = false) =>
  spatialProjection(x as tf.Tensor3D, weight as tf.Tensor2D, bias as tf.Tensor1D, { causal });

for (const causal of [false, true]) {
  onEachBackend(`spatialProjection${causal ? ', causal' : ''}: its gradients are those of its values`, async () => {
    for (const [batch, tokens, channels] of [
      [2, 4, 3],
      [1, 1, 2],
      [3, 5, 1],
    ] as const) {
      const inputs = [normal('x', [batch, tokens, channels]), normal('w', [tokens, tokens]), normal('b', [tokens])];
      await expectGradients((x, weight, bias) => project(x!, weight!, bias!, causal), inputs);
    }
  });
}

onEachBackend('spatialProjection: y[b, i, c] = sum_j W[i, j] x[b, j, c] + bias[i]', () => {
  const [x, weight, bias] = [normal('x', [2, 4, 3]), normal('w', [4, 4]), normal('b', [4])];
  const y = project(toTensor(x), toTensor(weight), toTensor(bias)).arraySync() as number[][][];
  for (let b = 0; b < 2; b++) {
    for (let i = 0; i < 4; i++) {
      for (let c = 0; c < 3; c++) {
        let sum = bias.data[i]!;
        for (let j = 0; j < 4; j++) sum += weight.data[i * 4 + j]! * x.data[(b * 4 + j) * 3 + c]!;
        expect(y[b]![i]![c]).toBeCloseTo(sum, 5);
      }
    }
  }
});

onEachBackend('spatialProjection: causal never sees the future, nor does a weight above the diagonal learn', () => {
  const [x, weight, bias] = [normal('x', [1, 5, 2]), normal('w', [5, 5]), normal('b', [5])].map(toTensor) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const later = tf.concat([tf.zeros([1, 3, 2]), tf.fill([1, 2, 2], 1e6)], 1);
  const seen = (input: tf.Tensor) => Array.from(tf.slice(project(input, weight, bias, true), [0, 0, 0], [1, 3, 2]).dataSync());
  expect(seen(tf.add(x, later))).toEqual(seen(x));
  const dWeight = tf
    .grad((at: tf.Tensor) => project(x, at, bias, true))(weight)
    .arraySync() as number[][];
  dWeight.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value === 0).toBe(j > i);
    });
  });
});

onEachBackend('spatialProjection of a Toeplitz matrix: moving the tokens moves the result', async () => {
  await expectGradients(
    (x, t, bias) => project(x!, toeplitz(t as tf.Tensor1D), bias!),
    [normal('x', [2, 4, 3]), normal('t', [7]), normal('b', [4])],
  );
  const x = tf.concat([tf.zeros([1, 2, 3]), toTensor(normal('x', [1, 2, 3])), tf.zeros([1, 2, 3])], 1);
  const moved = tf.concat([tf.zeros([1, 3, 3]), tf.slice(x, [0, 2, 0], [1, 3, 3])], 1);
  const matrix = toeplitz(toTensor(normal('t', [11])) as tf.Tensor1D);
  const [y, yMoved] = [x, moved].map((input) => project(input, matrix, tf.zeros([6])));
  const error = tf.max(tf.abs(tf.sub(tf.slice(y!, [0, 0, 0], [1, 5, 3]), tf.slice(yMoved!, [0, 1, 0], [1, 5, 3]))));
  expect(error.dataSync()[0]).toBeLessThan(1e-6);
});

it('spatialProjection: another number of tokens is an error that names both', () => {
  expect(() => project(tf.zeros([2, 5, 3]), tf.zeros([4, 4]), tf.zeros([4]))).toThrow(
    /spatialProjection: expected x \[batch, tokens, channels\].*, got x float32 \[2, 5, 3\], weight float32 \[4, 4\], bias float32 \[4\]/,
  );
});
