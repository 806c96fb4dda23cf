import { GmlpError } from '@gmlp/base';
import type { Scalar } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Optimiser } from './optimiser.ts';

/**
 * An optimiser whose gradients have at most this norm over all parameters: longer ones are scaled down,
 *
 *   g' = g min(1, maxNorm / (norm + 1e-6))
 *
 * as torch.nn.utils.clip_grad_norm_ does, whose 1e-6 it keeps. It costs no pass over the gradients: their scale is made smaller.
 */
export function clipped<P, S>(optimiser: Optimiser<P, S>, maxNorm: number): Optimiser<P, S> {
  if (!(maxNorm > 0 && Number.isFinite(maxNorm))) {
    throw new GmlpError('invalid-argument', `clipped: expected a positive maxNorm, got ${maxNorm}`, { maxNorm });
  }
  return {
    ...optimiser,
    update(params, state, gradients, { rate, scale, norm }) {
      const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
      return optimiser.update(params, state, gradients, { rate, norm, scale: tf.mul(scale, factor) as Scalar });
    },
  };
}
