import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectOneTfjs } from './one-tfjs.ts';

/** Kernels of gmlp's own: a backend that registers one is handed the whole op, others run a composition of TF.js kernels. */
export type FusedKernelName =
  | 'GmlpGelu' // {x} {approximate} -> [y]
  | 'GmlpGeluGradient' // {x, dy} {approximate} -> [dx]
  | 'GmlpDense' // {x, weight, bias?} {} -> [y]
  | 'GmlpDenseGradient' // {x, weight, dy} {bias} -> [dx, dweight, dbias?]
  | 'GmlpLayerNorm' // {x, scale, offset} {epsilon} -> [y, mean, inverseDeviation]
  | 'GmlpLayerNormGradient' // {x, scale, mean, inverseDeviation, dy} {} -> [dx, dscale, doffset]
  | 'GmlpSpatialGate' // {u, v, weight, bias} {causal} -> [y, gate]
  | 'GmlpSpatialGateGradient' // {u, v, weight, gate, dy} {causal} -> [du, dv, dweight, dbias]
  | 'GmlpCountedLabels' // {labels} {classes, ignoredLabel} -> [places, counted]: classes, 0 for ignored labels; which are not ignored
  | 'GmlpKeepRows' // {x, keep} {} -> [y]: a row of x, or zeros where `keep`, one bool a row, is false
  | 'GmlpSoftmaxCrossEntropy' // {logits, labels} {ignoredLabel, labelSmoothing} -> [loss, normaliser], one of each a row
  | 'GmlpSoftmaxCrossEntropyGradient' // {logits, labels, normaliser, dy} {ignoredLabel, labelSmoothing} -> [dlogits]
  | 'GmlpScatterAdd' // {indices, updates, onto?} {rows} -> [sums, added to the rows of onto]
  | 'GmlpKeepMask' // {} {key, shape, keepProbability} -> [mask]
  | 'GmlpAdamW'; // {parameter, gradient, mean, variance, clock = [step, rate, scale]} {beta1, beta2, epsilon, weightDecay} -> [parameter, mean, variance]

/** Whether the active backend has a fused kernel of this name. */
export function hasFusedKernel(name: FusedKernelName): boolean {
  expectOneTfjs();
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a fused kernel on the active backend, or returns undefined when the backend has none of that name. */
export function fusedKernel(
  name: FusedKernelName,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: Readonly<Record<string, unknown>> = {},
): Tensor[] | undefined {
  if (!hasFusedKernel(name)) return undefined;
  const outputs = tf.engine().runKernel<Tensor | Tensor[]>(name, { ...inputs }, attributes as NamedAttrMap);
  return Array.isArray(outputs) ? outputs : [outputs];
}
