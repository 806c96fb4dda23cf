import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectOneTfjs } from './one-tfjs.ts';

/** Kernels of gmlp's own: a backend that registers one is handed the whole op, others run a composition of TF.js kernels. */
export type FusedKernelName =
  | 'GmlpGelu' // {x} {approximate} -> [y]
  | 'GmlpGeluGradient' // {x, dy} {approximate} -> [dx]
  | 'GmlpLayerNorm' // {x, scale, offset} {epsilon} -> [y, mean, inverseDeviation]
  | 'GmlpLayerNormGradient' // {x, scale, mean, inverseDeviation, dy} {} -> [dx, dscale, doffset]
  | 'GmlpScatterAdd' // {indices, updates} {rows} -> [sums]
  | 'GmlpKeepMask' // {} {key, shape, keepProbability} -> [mask]
  | 'GmlpAdamW'; // {parameter, gradient, mean, variance, step, rate} {beta1, beta2, epsilon, weightDecay} -> [parameter, mean, variance]

/** Runs a fused kernel on the active backend, or returns undefined when the backend has none of that name. */
export function fusedKernel(
  name: FusedKernelName,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: Readonly<Record<string, unknown>> = {},
): Tensor[] | undefined {
  expectOneTfjs();
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined;
  const outputs = tf.engine().runKernel<Tensor | Tensor[]>(name, { ...inputs }, attributes as NamedAttrMap);
  return Array.isArray(outputs) ? outputs : [outputs];
}
