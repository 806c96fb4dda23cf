/**
 * The spatial gate (paper, section 2.1): a product with an affine map of the tokens.
 *
 *   y[b, i, c] = u[b, i, c] f[b, i, c],   f[b, i, c] = sum_j W[i, j] v[b, j, c] + bias[i]
 *   u and v [batch, tokens, channels], W [tokens, tokens], bias [tokens] -> y like u
 *
 *   du = dy f,   df = dy u,   dv = W^T df,   dW = sum_b df_b v_b^T,   dbias = sum over batch and channels of df
 *
 * Where no kernel does it as a whole it is the product of `u` and `spatialProjection`.
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { fusedKernel, hasFusedKernel } from './fused-kernel.ts';
import { type SpatialProjectionOptions, spatialProjection } from './spatial-projection.ts';
import { withGradient } from './with-gradient.ts';

export function spatialGate(
  u: Tensor3D,
  v: Tensor3D,
  weight: Tensor2D,
  bias: Tensor1D,
  { causal = false }: SpatialProjectionOptions = {},
): Tensor3D {
  expectShape(tf.util.arraysEqual(u.shape, v.shape), 'spatialGate', 'u and v [batch, tokens, channels]', { u, v });
  if (!hasFusedKernel('GmlpSpatialGate')) return tf.mul(u, spatialProjection(v, weight, bias, { causal }));
  const tokens = u.shape[1];
  expectShape(
    u.rank === 3 && weight.rank === 2 && bias.rank === 1 && [...weight.shape, ...bias.shape].every((extent) => extent === tokens),
    'spatialGate',
    'u and v [batch, tokens, channels], weight [tokens, tokens], bias [tokens]',
    { u, v, weight, bias },
  );
  return withGradient<tf.Rank.R3>([u, v, weight, bias], () => {
    const [y, gate] = fusedKernel('GmlpSpatialGate', { u, v, weight, bias }, { causal }) as [Tensor3D, Tensor];
    return {
      value: y,
      saved: [u, v, weight, gate],
      gradients: (dy, [u, v, weight, gate]) =>
        fusedKernel('GmlpSpatialGateGradient', { u: u!, v: v!, weight: weight!, gate: gate!, dy }, { causal })!,
    };
  });
}
