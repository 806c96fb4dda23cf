/**
 * The Toeplitz matrix of a vector: T[i, j] = t[(tokens - 1) + (j - i)], so that a weight depends on the distance of two tokens
 * only. gMLP for language uses it for the spatial projection (paper, appendix C).
 *
 *   t [2 tokens - 1] -> T [tokens, tokens]
 *   dt[d] = sum of dT along its diagonal d
 *
 * Row i is the window of t that starts at tokens - 1 - i: rows of one width less than t, laid one after another, shift by one.
 */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { sumRows } from './sum-rows.ts';
import { withGradient } from './with-gradient.ts';

export function toeplitz(t: Tensor1D): Tensor2D {
  expectShape(t.rank === 1 && t.size % 2 === 1, 'toeplitz', 't [2 * tokens - 1], an odd length', { t });
  const tokens = (t.size + 1) / 2;
  return withGradient<tf.Rank.R2>([t], () => ({
    value: tf.reshape(tf.gather(t, diagonals(tokens)), [tokens, tokens]),
    saved: [],
    gradients: (dy) => {
      // Each row padded to 2 tokens and read at width 2 tokens - 1 slides one step right against the row above it; rows
      // reversed beforehand, a diagonal becomes a column.
      const reversed = tf.reverse(dy as Tensor2D, 0);
      const padded = tf.reshape(
        tf.pad(reversed, [
          [0, 0],
          [0, tokens],
        ]),
        [tokens * 2 * tokens],
      );
      const sheared: Tensor2D = tf.reshape(tf.slice(padded, 0, tokens * (2 * tokens - 1)), [tokens, 2 * tokens - 1]);
      return [sumRows(sheared)];
    },
  }));
}

function diagonals(tokens: number): Tensor1D {
  const index = new Int32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) for (let j = 0; j < tokens; j++) index[i * tokens + j] = tokens - 1 + j - i;
  return tf.tensor1d(index, 'int32');
}
