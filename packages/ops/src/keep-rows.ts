import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedKernel } from './fused-kernel.ts';

/**
 * The rows of x [rows, columns] where `keep` [rows], bool, is true, zeros elsewhere. Where the row holds infinities or NaN, a
 * product with 0 would not be 0. It has no gradient.
 */
export function keepRows(x: Tensor2D, keep: Tensor1D): Tensor2D {
  const fused = fusedKernel('GmlpKeepRows', { x, keep });
  if (fused) return fused[0] as Tensor2D;
  return tf.where(tf.reshape(keep, [keep.size, 1]), x, tf.zerosLike(x));
}
