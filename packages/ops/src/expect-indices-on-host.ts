import { expectIndices } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** `expectIndices` where values lie on the host; of those that a GPU holds nothing is known. */
export function expectIndicesOnHost(
  source: string,
  what: string,
  indices: Tensor,
  count: number,
  advice: string,
  ignored?: number,
): void {
  const values = hostValues(indices);
  if (values) expectIndices(source, values, { what, count, advice, ignored });
}

interface GpuBackend {
  /** Values stay until a kernel needs them on the GPU, and come back when they are read. */
  readonly tensorMap: { get(id: object): { readonly values: ArrayLike<number> | null } };
}

function hostValues(tensor: Tensor): ArrayLike<number> | null {
  switch (tf.getBackend()) {
    case 'cpu':
    case 'wasm': // reading takes no time there
      return tensor.dataSync();
    case 'webgpu':
      return (tf.backend() as unknown as GpuBackend).tensorMap.get(tensor.dataId).values;
    default:
      return null;
  }
}
