import { expectIndices } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** TF.js backends that keep values where reading them takes no time. */
const hostBackends: ReadonlySet<string> = new Set(['cpu', 'wasm']);

/** `expectIndices` where values lie on the host; elsewhere nothing. */
export function expectIndicesOnHost(source: string, what: string, indices: Tensor, count: number, advice: string): void {
  if (hostBackends.has(tf.getBackend())) expectIndices(source, what, indices.dataSync(), count, advice);
}
