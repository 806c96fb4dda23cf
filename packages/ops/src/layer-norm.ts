/**
 * Layer normalisation over the last axis:
 *
 *   y = (x - mean) / sqrt(variance + epsilon) * scale + offset        x [..., channels], scale and offset [channels]
 *
 * Ba, Kiros and Hinton, "Layer Normalization", 2016. The variance is the biased one.
 *
 * Gradient, with r = 1 / sqrt(variance + epsilon), g = dy * scale and h = (x - mean) r:
 *
 *   dx = r (g - average(g) - h average(g h)),   dscale = sum(dy h),   doffset = sum(dy)
 *
 * written in x instead of h (h = r x - r mean), which saves the passes over memory that would make h; a rounding of x has the
 * same effect either way.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument, expectShape } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';
import { sumRows } from './sum-rows.ts';
import { withGradient } from './with-gradient.ts';

export function layerNorm<R extends tf.Rank>(x: Tensor<R>, scale: Tensor1D, offset: Tensor1D, epsilon: number): Tensor<R> {
  const channels = x.shape[x.rank - 1];
  expectShape(
    x.rank >= 1 && scale.rank === 1 && offset.rank === 1 && scale.shape[0] === channels && offset.shape[0] === channels,
    'layerNorm',
    'x [..., channels], scale [channels], offset [channels]',
    { x, scale, offset },
  );
  expectArgument(epsilon > 0, 'layerNorm', 'a positive epsilon', { epsilon });
  return withGradient<R>([x, scale, offset], () => {
    const [y, mean, inverseDeviation] =
      fusedKernel('GmlpLayerNorm', { x, scale, offset }, { epsilon }) ?? composed(x, scale, offset, epsilon);
    return { value: y as Tensor<R>, saved: [x, scale, mean!, inverseDeviation!], gradients };
  });
}

function composed(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon: number,
): [y: Tensor, mean: Tensor, inverseDeviation: Tensor] {
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const inverseDeviation = tf.rsqrt(tf.add(tf.mean(tf.mul(centred, centred), -1, true), epsilon));
  return [tf.add(tf.mul(tf.mul(centred, inverseDeviation), scale), offset), mean, inverseDeviation];
}

function gradients(dyFull: Tensor, saved: readonly Tensor[]): Tensor[] {
  const [xFull, scale, meanFull, inverseFull] = saved as [Tensor, Tensor1D, Tensor, Tensor];
  const fused = fusedKernel('GmlpLayerNormGradient', {
    x: xFull,
    scale,
    mean: meanFull,
    inverseDeviation: inverseFull,
    dy: dyFull,
  });
  if (fused) return fused;

  const channels = scale.shape[0];
  const rows = xFull.size / channels;
  const dy: Tensor2D = tf.reshape(dyFull, [rows, channels]);
  const x: Tensor2D = tf.reshape(xFull, [rows, channels]);
  const mean = tf.reshape(meanFull, [rows, 1]);
  const inverse = tf.reshape(inverseFull, [rows, 1]);
  const column: Tensor2D = tf.reshape(scale, [channels, 1]);
  const dyx: Tensor2D = tf.mul(dy, x);

  const sumOfG = tf.matMul(dy, column); // [rows, 1]
  const sumOfGH = tf.mul(inverse, tf.sub(tf.matMul(dyx, column), tf.mul(mean, sumOfG)));
  const perX = tf.mul(inverse, tf.mul(sumOfGH, 1 / channels));
  const constant = tf.sub(tf.mul(sumOfG, 1 / channels), tf.mul(mean, perX));
  const dx = tf.mul(tf.sub(tf.sub(tf.mul(dy, scale), tf.mul(x, perX)), constant), inverse);

  const inverseRow: Tensor2D = tf.reshape(inverse, [1, rows]);
  const meanRow: Tensor2D = tf.reshape(mean, [1, rows]);
  const dscale = tf.sub(tf.matMul(inverseRow, dyx), tf.matMul(tf.mul(inverseRow, meanRow), dy));
  return [tf.reshape(dx, xFull.shape), tf.reshape(dscale, [channels]), sumRows(dy)];
}
