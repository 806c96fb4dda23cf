/**
 * Sums of rows: y[r] = sum of updates[k] over all k with indices[k] = r.
 *
 *   indices int32 [count], updates [count, channels] -> y [rows, channels]
 *
 * The gradient of taking rows: embedding and gatherPositions.
 */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedKernel } from './fused-kernel.ts';

export function scatterAdd(indices: Tensor1D, updates: Tensor2D, rows: number): Tensor2D {
  const [count, channels] = updates.shape;
  const fused = fusedKernel('GmlpScatterAdd', { indices, updates }, { rows });
  return (fused?.[0] as Tensor2D | undefined) ?? tf.scatterND(tf.reshape(indices, [count, 1]), updates, [rows, channels]);
}
