import { type HostArray, hostArray, type MapLeaves, mapTree } from '@gmlp/base';
import type { Tensor, TypedArray } from '@tensorflow/tfjs-core';

/** The tensors of a tree as arrays in the host's memory; all are asked for at once. */
export async function readTensors<T>(
  tree: T,
  read: (tensor: Tensor) => Promise<TypedArray>,
): Promise<MapLeaves<T, Tensor, HostArray>> {
  const reads: Promise<[Tensor, HostArray]>[] = [];
  mapTree<Tensor, void, T>(tree, (tensor) => {
    const { dtype, shape } = tensor;
    reads.push(read(tensor).then((data) => [tensor, hostArray(dtype as 'float32', shape, data as Float32Array)]));
  });
  const values = new Map(await Promise.all(reads));
  return mapTree<Tensor, HostArray, T>(tree, (tensor) => values.get(tensor)!) as MapLeaves<T, Tensor, HostArray>;
}
