/**
 * Affine map of the tokens, the same for every channel: the spatial projection of gMLP (paper, section 2.1).
 *
 *   y[b, i, c] = sum_j W[i, j] x[b, j, c] + bias[i]        x [batch, tokens, channels], W [tokens, tokens], bias [tokens]
 *   dx = W^T dy,  dW = sum_b dy_b x_b^T,  dbias = sum over batch and channels of dy
 *
 * `causal` keeps j <= i only: a token never sees a later one. TF.js's own gradient of this broadcast product has the wrong
 * shape (tensorflow/tfjs#8721), hence ours.
 */
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { tokenOuterProduct, tokenProduct } from './token-product.ts';
import { withGradient } from './with-gradient.ts';

export interface SpatialProjectionOptions {
  /** No token sees a later one. */
  readonly causal?: boolean;
}

export function spatialProjection(
  x: Tensor3D,
  weight: Tensor2D,
  bias: Tensor1D,
  { causal = false }: SpatialProjectionOptions = {},
): Tensor3D {
  const tokens = x.shape[1];
  expectShape(
    x.rank === 3 && weight.rank === 2 && bias.rank === 1 && [...weight.shape, ...bias.shape].every((extent) => extent === tokens),
    'spatialProjection',
    'x [batch, tokens, channels], weight [tokens, tokens], bias [tokens]',
    { x, weight, bias },
  );
  return withGradient<tf.Rank.R3>([x, weight, bias], () => {
    const mask = causal ? lowerTriangle(tokens) : undefined;
    const seen: Tensor2D = mask ? tf.mul(weight, mask) : weight;
    return {
      value: tf.add(tokenProduct(seen, x), tf.reshape(bias, [tokens, 1])),
      saved: mask ? [x, seen, mask] : [x, seen],
      gradients: (dy, saved) => {
        const [x, seen, mask] = saved as [Tensor3D, Tensor2D, Tensor2D?];
        const dx = tokenProduct(tf.transpose(seen), dy as Tensor3D);
        const dWeight = tokenOuterProduct(dy as Tensor3D, x);
        return [dx, mask ? tf.mul(dWeight, mask) : dWeight, tf.sum(tf.sum(dy, 2), 0)];
      },
    };
  });
}

/** Ones on and below the diagonal. Compared on the device: as a constant it would weigh as much as the parameters in a graph. */
function lowerTriangle(tokens: number): Tensor2D {
  const column = tf.range(0, tokens);
  return tf.cast(tf.greaterEqual(tf.reshape(column, [tokens, 1]), tf.reshape(column, [1, tokens])), 'float32');
}
