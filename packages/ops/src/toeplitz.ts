/**
 * The Toeplitz matrix of a vector: T[i, j] = t[(tokens - 1) + (j - i)], so that a weight depends on the distance of two tokens
 * only. gMLP for language uses it for the spatial projection (paper, appendix C).
 *
 *   t [2 tokens - 1] -> T [tokens, tokens]
 *   dt[d] = sum of dT along its diagonal d
 *
 * Row i of T is the window of t that starts at tokens - 1 - i. In copies of t laid one after another the windows start 2 tokens - 2
 * apart, which makes T a reshape; its gradient is the way back.
 */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { sumRows } from './sum-rows.ts';
import { withGradient } from './with-gradient.ts';

export function toeplitz(t: Tensor1D): Tensor2D {
  expectShape(t.rank === 1 && t.size % 2 === 1, 'toeplitz', 't [2 * tokens - 1], an odd length', { t });
  const tokens = (t.size + 1) / 2;
  if (tokens === 1) return tf.reshape(t, [1, 1]);
  const stride = 2 * tokens - 2;
  return withGradient<tf.Rank.R2>([t], () => {
    const windows: Tensor2D = tf.reshape(tf.slice(tf.tile(t, [tokens]), [tokens - 1], [tokens * stride]), [tokens, stride]);
    return {
      value: tf.slice(windows, [0, 0], [tokens, tokens]),
      saved: [],
      gradients: (dy) => {
        const windows = tf.reshape(
          tf.pad(dy, [
            [0, 0],
            [0, tokens - 2],
          ]),
          [tokens * stride],
        );
        const copies: Tensor2D = tf.reshape(tf.pad(windows, [[tokens - 1, 1]]), [tokens, t.size]);
        return [sumRows(copies)];
      },
    };
  });
}
