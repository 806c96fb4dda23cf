/** What a compiled call is given: trees of tensors and keys. */
import { flattenTree, GmlpError, isKey, type Key, leavesOf, mapTree, pathName } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';

export interface CallArguments {
  readonly tensors: readonly tf.Tensor[];
  /** Where each tensor stands: `1.ids` in the second argument. */
  readonly names: readonly string[];
  readonly keys: readonly Key[];
  /** Equal for calls that may share a trace: structure, shapes and dtypes. */
  readonly signature: string;
}

export function readArguments(args: readonly unknown[]): CallArguments {
  const tensors: tf.Tensor[] = [];
  const names: string[] = [];
  const keys: Key[] = [];
  // Of the whole tree, empty branches too: what `fn` sees decides what it does.
  let signature = JSON.stringify(mapTree(args, () => 0));
  for (const { path, leaf } of flattenTree<unknown>(args)) {
    if (isKey(leaf)) {
      keys.push(leaf);
      signature += `${pathName(path)}:key;`;
    } else if (leaf instanceof tf.Tensor) {
      if (leaf.isDisposed) {
        throw new GmlpError(
          'disposed',
          `compiled call: the tensor at argument ${pathName(path)} was disposed or donated to an earlier call`,
        );
      }
      tensors.push(leaf);
      names.push(pathName(path));
      signature += `${pathName(path)}:${leaf.dtype}[${leaf.shape.join(',')}];`;
    } else {
      throw new GmlpError(
        'invalid-argument',
        `compiled call: argument ${pathName(path)} must be a tensor or a key, got ${typeof leaf} ${String(leaf)}; pass a scalar tensor, e.g. device.put of a host array`,
      );
    }
  }
  return { tensors, names, keys, signature };
}

/** The tensors of the arguments at the given positions; throws when a position has none. */
export function donatedTensors(args: readonly unknown[], donate: readonly number[]): Set<tf.Tensor> {
  return new Set(donate.flatMap((position) => leavesOf<unknown>(args[position]).filter((leaf) => leaf instanceof tf.Tensor)));
}
