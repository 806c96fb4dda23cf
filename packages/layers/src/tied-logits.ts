/**
 * Scores against every row of a table: y = x E^T.
 *
 *   x [..., channels], E [vocabulary, channels] -> y [..., vocabulary]
 *   dx = dy E,  dE = dy^T x
 *
 * A gradient of its own, because E is large: nothing of its size is transposed on the way back.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export function tiedLogits(x: Tensor, table: Tensor2D): Tensor {
  const [vocabulary, channels] = table.shape;
  const rows = x.size / channels;
  const product = tf.customGrad((...args: (Tensor | tf.GradSaveFunc)[]) => {
    const [flat, weight, save] = args as [Tensor2D, Tensor2D, tf.GradSaveFunc];
    save([flat, weight]);
    return {
      value: tf.matMul(flat, tf.transpose(weight)),
      gradFunc: (dy: Tensor | Tensor[], saved: Tensor[]) => {
        const [flat, weight] = saved as [Tensor2D, Tensor2D];
        return [tf.matMul(dy as Tensor2D, weight), tf.matMul(tf.transpose(dy as Tensor2D), flat)];
      },
    };
  });
  return tf.reshape(product(tf.reshape(x, [rows, channels]), table), [...x.shape.slice(0, -1), vocabulary]);
}
