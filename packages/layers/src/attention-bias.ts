/**
 * Masks as what is added to the scores of attention: 0 where a query may look, -1e9 where it may not. In float32 the softmax
 * of the latter is exactly 0 beside any ordinary score, and it stays a number where nothing may be seen.
 *
 *   paddingBias: mask bool [batch, keys], true for tokens that count -> [batch, 1, 1, keys]
 *   causalBias:  -> [1, 1, tokens, tokens], no token looks at a later one
 */
import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

const unseen = -1e9;

export function paddingBias(mask: Tensor): Tensor {
  const [batch, keys] = mask.shape;
  if (mask.rank !== 2 || mask.dtype !== 'bool') {
    throw new GmlpError(
      'shape-mismatch',
      `paddingBias: expected mask bool [batch, keys], got ${mask.dtype} [${mask.shape.join(', ')}]`,
      { shape: mask.shape, dtype: mask.dtype },
    );
  }
  const hidden = tf.sub(1, tf.cast(mask, 'float32'));
  return tf.reshape(tf.mul(hidden, unseen), [batch!, 1, 1, keys!]);
}

/** Compared on the device: as a constant it would weigh as much as parameters in a graph. */
export function causalBias(tokens: number): Tensor {
  const column = tf.range(0, tokens);
  const later = tf.greater(tf.reshape(column, [1, tokens]), tf.reshape(column, [tokens, 1]));
  return tf.reshape(tf.mul(tf.cast(later, 'float32'), unseen), [1, 1, tokens, tokens]);
}

/** Several biases as one: their sum; nothing when there are none. */
export function addBiases(biases: readonly (Tensor | undefined)[]): Tensor | undefined {
  const given = biases.filter((bias) => bias !== undefined);
  return given.length === 0 ? undefined : given.reduce((sum, bias) => tf.add(sum, bias));
}
