/**
 * Products along the token axis of [batch, tokens, channels], the same matrix for every sample.
 *
 * Two ways to the same numbers: a product for each sample, broadcast (the default, and what the compiler sees), or one large
 * product with tokens first. TF.js wasm takes a scalar path for the former, sixteen times slower than two transposes and the
 * latter.
 */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** y[b, i, c] = sum_j matrix[i, j] x[b, j, c]. */
export function tokenProduct(matrix: Tensor2D, x: Tensor3D): Tensor3D {
  const [batch, tokens, channels] = x.shape;
  const rows = matrix.shape[0];
  if (tf.getBackend() !== 'wasm') return tf.matMul(tf.reshape(matrix, [1, rows, tokens]), x) as Tensor3D;
  return batchFirst(tf.matMul(matrix, tokensFirst(x)), batch, channels);
}

/** sum over b of y_b x_b^T: [tokens, tokens] from two of [batch, tokens, channels]. */
export function tokenOuterProduct(y: Tensor3D, x: Tensor3D): Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.sum(tf.matMul(y, tf.transpose(x, [0, 2, 1])), 0);
  return tf.matMul(tokensFirst(y), tf.transpose(tokensFirst(x)));
}

/** [batch, tokens, channels] -> [tokens, batch * channels] */
function tokensFirst(x: Tensor3D): Tensor2D {
  const [batch, tokens, channels] = x.shape;
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [tokens, batch * channels]);
}

function batchFirst(x: Tensor2D, batch: number, channels: number): Tensor3D {
  return tf.transpose(tf.reshape(x, [x.shape[0], batch, channels]), [1, 0, 2]) as Tensor3D;
}
