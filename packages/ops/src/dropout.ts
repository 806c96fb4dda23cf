/**
 * Dropout: each element is zeroed with probability `rate`, the others are divided by 1 - rate.
 *
 *   x [...] -> y [...],   y = x mask / (1 - rate),   dx = dy mask / (1 - rate)
 *
 * The mask is a function of the key and the shape (keep-mask.ts). Srivastava and others, 2014.
 */
import type { Key } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument } from './expect-shape.ts';
import { keepMaskTensor } from './keep-mask.ts';
import { withGradient } from './with-gradient.ts';

export function dropout<R extends tf.Rank>(x: Tensor<R>, rate: number, key: Key): Tensor<R> {
  return dropped(x, x.shape, rate, key, 'dropout');
}

/**
 * Stochastic depth: the whole of a sample is zeroed with probability `rate`, the others are divided by 1 - rate.
 *
 *   x [batch, ...] -> y [batch, ...]
 *
 * Applied to a block's branch before the residual sum, the block has survival probability 1 - rate. Huang and others, 2016.
 */
export function dropPath<R extends tf.Rank>(x: Tensor<R>, rate: number, key: Key): Tensor<R> {
  expectArgument(x.rank >= 1, 'dropPath', 'x [batch, ...]', { rank: x.rank });
  return dropped(x, [x.shape[0]!, ...Array<number>(x.rank - 1).fill(1)], rate, key, 'dropPath');
}

function dropped<R extends tf.Rank>(x: Tensor<R>, maskShape: readonly number[], rate: number, key: Key, op: string): Tensor<R> {
  expectArgument(rate >= 0 && rate < 1, op, '0 <= rate < 1', { rate });
  if (rate === 0) return tf.clone(x);
  const keep = 1 - rate;
  return withGradient<R>([x], () => {
    const scaledMask = tf.mul(keepMaskTensor(key, maskShape, keep, op), 1 / keep);
    return { value: tf.mul(x, scaledMask), saved: [scaledMask], gradients: (dy, [scaledMask]) => [tf.mul(dy, scaledMask!)] };
  });
}
