import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { dense } from './dense.ts';
import { expectGradients, normal, onEachBackend, toTensor } from './each-backend.ts';

onEachBackend('dense: its gradients are those of its values, for any leading axes, with and without bias', async () => {
  for (const shape of [[4], [3, 4], [2, 3, 4], [2, 1, 3, 4]]) {
    const [x, weight, bias] = [normal('x', shape), normal('w', [4, 5]), normal('b', [5])];
    await expectGradients((x, w, b) => dense(x!, w as tf.Tensor2D, b as tf.Tensor1D), [x, weight, bias]);
    await expectGradients((x, w) => dense(x!, w as tf.Tensor2D), [x, weight]);
  }
});

onEachBackend('dense: each row is x W + b', () => {
  const [x, weight, bias] = [normal('x', [2, 3, 4]), normal('w', [4, 5]), normal('b', [5])];
  const y = dense(toTensor(x), toTensor(weight) as tf.Tensor2D, toTensor(bias) as tf.Tensor1D);
  expect(y.shape).toEqual([2, 3, 5]);
  const values = y.dataSync();
  for (let row = 0; row < 6; row++) {
    for (let o = 0; o < 5; o++) {
      let sum = bias.data[o]!;
      for (let i = 0; i < 4; i++) sum += x.data[row * 4 + i]! * weight.data[i * 5 + o]!;
      expect(values[row * 5 + o]).toBeCloseTo(sum, 5);
    }
  }
});

it('dense: shapes that do not fit are named', () => {
  expect(() => dense(tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow(
    /dense: expected x \[..., inputs\], weight \[inputs, outputs\], bias \[outputs\], got x float32 \[2, 3\], weight float32 \[4, 5\]/,
  );
  expect(() => dense(tf.zeros([2, 4]), tf.zeros([4, 5]), tf.zeros([4]))).toThrow(/bias float32 \[4\]/);
});
