import { isKey, leavesOf } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';

/** Frees the tensors of a tree; keys stay as they are. */
export function disposeTree(tree: unknown): void {
  for (const leaf of leavesOf<unknown>(tree)) {
    if (!isKey(leaf) && leaf instanceof tf.Tensor && !leaf.isDisposed) leaf.dispose();
  }
}
