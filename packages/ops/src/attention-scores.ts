/**
 * How much each query is like each key, of scaled dot-product attention (Vaswani and others, 2017, section 3.2.1):
 *
 *   s = scale q k^T        q [..., queries, channels], k [..., keys, channels] -> s [..., queries, keys]
 *   dq = scale ds k,  dk = scale ds^T q
 *
 * The leading axes of q and k are the same: batch, and heads where there are several.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { swapLastAxes } from './swap-last-axes.ts';
import { withGradient } from './with-gradient.ts';

/** `scale` is 1 / sqrt(channels) when left out. */
export function attentionScores(
  queries: Tensor,
  keys: Tensor,
  { scale = queries.shape[queries.rank - 1]! ** -0.5 }: { readonly scale?: number } = {},
): Tensor {
  const { rank } = queries;
  expectShape(
    rank >= 2 && keys.rank === rank && queries.shape.every((extent, axis) => axis === rank - 2 || extent === keys.shape[axis]),
    'attentionScores',
    'queries [..., queries, channels], keys [..., keys, channels]',
    { queries, keys },
  );
  return withGradient([queries, keys], () => {
    const scaled = tf.mul(queries, scale);
    return {
      value: tf.matMul(scaled, swapLastAxes(keys)),
      saved: [scaled, keys],
      gradients: (ds, saved) => {
        const [scaled, keys] = saved as [Tensor, Tensor];
        return [tf.mul(tf.matMul(ds, keys), scale), tf.matMul(swapLastAxes(ds), scaled)];
      },
    };
  });
}
