/**
 * Gaussian error linear unit: y = x Phi(x), with Phi the distribution function of the standard normal.
 *
 *   erf:  Phi(x) = (1 + erf(x / sqrt 2)) / 2                      dy/dx = Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)
 *   tanh: Phi(x) ~ (1 + tanh u) / 2, u = sqrt(2 / pi) (x + 0.044715 x^3)
 *
 * Any shape. Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';
import { withGradient } from './with-gradient.ts';

export type GeluForm = 'erf' | 'tanh';

const rootOfHalf = Math.SQRT1_2;
const tanhScale = Math.sqrt(2 / Math.PI);
const tanhCubic = 0.044715;

export function gelu<R extends tf.Rank>(x: Tensor<R>, approximate: GeluForm = 'erf'): Tensor<R> {
  expectArgument(approximate === 'erf' || approximate === 'tanh', 'gelu', "approximate 'erf' or 'tanh'", { approximate });
  return withGradient<R>([x], () => ({
    value: (fusedKernel('GmlpGelu', { x }, { approximate })?.[0] ?? composed(x, approximate)) as Tensor<R>,
    saved: [x],
    gradients: (dy, [x]) => [
      fusedKernel('GmlpGeluGradient', { x: x!, dy }, { approximate })?.[0] ?? tf.mul(dy, slope(x!, approximate)),
    ],
  }));
}

function composed(x: Tensor, approximate: GeluForm): Tensor {
  const half = tf.mul(x, 0.5);
  const swing = approximate === 'erf' ? tf.erf(tf.mul(x, rootOfHalf)) : tf.tanh(tanhArgument(x, tf.square(x)));
  return tf.add(half, tf.mul(half, swing));
}

function tanhArgument(x: Tensor, xSquared: Tensor): Tensor {
  return tf.mul(x, tf.add(tf.mul(xSquared, tanhScale * tanhCubic), tanhScale));
}

function slope(x: Tensor, approximate: GeluForm): Tensor {
  if (approximate === 'erf') {
    // With s = x / sqrt 2: (1 + erf(s) + 2 / sqrt(pi) s exp(-s^2)) / 2
    const s = tf.mul(x, rootOfHalf);
    const bell = tf.mul(s, tf.exp(tf.neg(tf.mul(s, s))));
    return tf.mul(tf.add(tf.add(tf.erf(s), tf.mul(bell, 2 / Math.sqrt(Math.PI))), 1), 0.5);
  }
  // (1 + t + x (1 - t^2) u') / 2 with t = tanh u, u' = sqrt(2 / pi) (1 + 3 * 0.044715 x^2)
  const xSquared = tf.square(x);
  const t = tf.tanh(tanhArgument(x, xSquared));
  const slopeOfArgument = tf.add(tf.mul(xSquared, 3 * tanhScale * tanhCubic), tanhScale);
  const bell = tf.mul(tf.mul(x, slopeOfArgument), tf.sub(1, tf.square(t)));
  return tf.mul(tf.add(tf.add(t, bell), 1), 0.5);
}
