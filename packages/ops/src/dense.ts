/**
 * Affine map of the channels: y = x W + b.
 *
 *   x [..., inputs], W [inputs, outputs], b [outputs] -> y [..., outputs]
 *   dx = dy W^T,  dW = x^T dy,  db = sum(dy)
 *
 * All leading axes become the rows of one two-dimensional product. Transposes are explicit: a transposed matMul takes a slow
 * path on TF.js wasm, and the compiler folds them.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';
import { sumRows } from './sum-rows.ts';
import { withGradient } from './with-gradient.ts';

export function dense<R extends tf.Rank>(x: Tensor<R>, weight: Tensor2D, bias?: Tensor1D): Tensor<R> {
  const [inputs, outputs] = weight.shape;
  const given: Record<string, Tensor> = bias ? { x, weight, bias } : { x, weight };
  expectShape(
    x.rank >= 1 &&
      weight.rank === 2 &&
      x.shape[x.rank - 1] === inputs &&
      (!bias || (bias.rank === 1 && bias.shape[0] === outputs)),
    'dense',
    'x [..., inputs], weight [inputs, outputs], bias [outputs]',
    given,
  );
  const rows = x.size / inputs;
  return withGradient<R>(Object.values(given), () => {
    const x2: Tensor2D = tf.reshape(x, [rows, inputs]);
    const y = fusedKernel('GmlpDense', { ...given, x: x2 })?.[0] ?? composed(x2, weight, bias);
    return {
      value: tf.reshape(y, [...(x.shape as number[]).slice(0, -1), outputs]) as unknown as Tensor<R>,
      saved: [x2, weight],
      gradients: (dy, saved) => {
        const [x2, weight] = saved as [Tensor2D, Tensor2D];
        const dy2: Tensor2D = tf.reshape(dy, [rows, outputs]);
        const [dx, ...ofParameters] = fusedKernel(
          'GmlpDenseGradient',
          { x: x2, weight, dy: dy2 },
          { bias: bias !== undefined },
        ) ?? [tf.matMul(dy2, tf.transpose(weight)), tf.matMul(tf.transpose(x2), dy2), ...(bias ? [sumRows(dy2)] : [])];
        return [tf.reshape(dx!, x.shape), ...ofParameters];
      },
    };
  });
}

function composed(x: Tensor2D, weight: Tensor2D, bias: Tensor1D | undefined): Tensor2D {
  const product: Tensor2D = tf.matMul(x, weight);
  return bias ? tf.add(product, bias) : product;
}
