/**
 * Scales a tree of gradients so that its norm is at most `maxNorm`:
 *
 *   norm = sqrt(sum of the squares of all elements of all leaves),   gradient' = gradient min(1, maxNorm / (norm + 1e-6))
 *
 * As torch.nn.utils.clip_grad_norm_, whose 1e-6 it keeps. The norm returned is that before scaling.
 */
import { leavesOf, mapTree } from '@gmlp/base';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument } from './expect-shape.ts';

export interface Clipped<P> {
  readonly gradients: P;
  readonly norm: Scalar;
}

export function clipByGlobalNorm<P>(gradients: P, maxNorm: number): Clipped<P> {
  expectArgument(maxNorm > 0, 'clipByGlobalNorm', 'a positive maxNorm', { maxNorm });
  const norm = globalNorm(gradients);
  const factor = tf.tidy(() => tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1));
  const clipped = mapTree<Tensor, Tensor, P>(gradients, (gradient) => tf.mul(gradient, factor)) as P;
  factor.dispose();
  return { gradients: clipped, norm };
}

/** sqrt(sum of the squares of all elements of all leaves). */
export function globalNorm(tree: unknown): Scalar {
  return tf.tidy(() => {
    const leaves = leavesOf<Tensor>(tree).filter(({ size }) => size > 0); // TF.js wasm leaves the sum of nothing unset
    const squares = leaves.map((leaf) => {
      // Rows first, then their sums: float32 loses less than in one long chain.
      const columns = leaf.shape.at(-1) ?? 1;
      const rows = tf.reshape(leaf, [leaf.size / columns, columns]);
      return tf.sum(tf.sum(tf.mul(rows, rows), 1));
    });
    expectArgument(squares.length > 0, 'clipByGlobalNorm', 'a tree with at least one element', { elements: 0 });
    return tf.sqrt(squares.length === 1 ? squares[0]! : tf.sum(tf.stack(squares))) as Scalar;
  });
}
