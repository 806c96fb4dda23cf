import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The sum over the rows of [rows, columns] -> [columns]. On wasm a product with ones: its sum would copy a transpose first. */
export function sumRows(x: Tensor2D): Tensor {
  if (tf.getBackend() !== 'wasm') return tf.sum(x, 0);
  return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]);
}
