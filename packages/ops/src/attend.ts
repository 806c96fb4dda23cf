/**
 * The values that each query sees, averaged by the softmax of its scores (Vaswani and others, 2017, section 3.2.1):
 *
 *   p = softmax(s),  y = drop(p) v
 *   s [batch, ..., queries, keys], v [batch, ..., keys, channels] -> y [batch, ..., queries, channels]
 *   dv = drop(p)^T dy,  dp = drop'(dy v^T),  ds = p (dp - sum(p dp))
 *
 * Scores that are the same for all samples may come with a batch of 1. With `dropout`, weights are zeroed at random after
 * the softmax, the others divided by 1 - rate.
 */
import type { Key } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument, expectShape } from './expect-shape.ts';
import { keepMaskTensor } from './keep-mask.ts';
import { swapLastAxes } from './swap-last-axes.ts';
import { withGradient } from './with-gradient.ts';

export interface AttentionDropout {
  readonly rate: number;
  readonly key: Key;
}

export function attend(scores: Tensor, values: Tensor, dropout?: AttentionDropout): Tensor {
  const { rank } = values;
  const [batch] = values.shape;
  expectShape(
    rank >= 3 &&
      scores.rank === rank &&
      (scores.shape[0] === batch || scores.shape[0] === 1) &&
      scores.shape.slice(1, -2).every((extent, index) => extent === values.shape[index + 1]) &&
      scores.shape[rank - 1] === values.shape[rank - 2],
    'attend',
    'scores [batch or 1, ..., queries, keys], values [batch, ..., keys, channels]',
    { scores, values },
  );
  const { rate = 0 } = dropout ?? {};
  expectArgument(rate >= 0 && rate < 1, 'attend', '0 <= rate < 1', { rate });
  return withGradient([scores, values], () => {
    const probabilities = tf.softmax(scores);
    const shared = scores.shape[0] !== batch;
    const spread = shared ? tf.tile(probabilities, [batch!, ...Array<number>(rank - 1).fill(1)]) : probabilities;
    const keep = 1 - rate;
    const mask = dropout && rate > 0 ? tf.mul(keepMaskTensor(dropout.key, spread.shape, keep, 'attend'), 1 / keep) : undefined;
    const weights = mask ? tf.mul(spread, mask) : spread;
    return {
      value: tf.matMul(weights, values),
      saved: mask ? [probabilities, weights, values, mask] : [probabilities, weights, values],
      gradients: (dy, saved) => {
        const [probabilities, weights, values, mask] = saved as [Tensor, Tensor, Tensor, Tensor?];
        const dWeights = tf.matMul(dy, swapLastAxes(values));
        const dSpread = mask ? tf.mul(dWeights, mask) : dWeights;
        const dp = shared ? tf.sum(dSpread, 0, true) : dSpread;
        const flow = tf.mul(probabilities, dp);
        const ds = tf.sub(flow, tf.mul(probabilities, tf.sum(flow, -1, true)));
        return [ds, tf.matMul(swapLastAxes(weights), dy)];
      },
    };
  });
}
