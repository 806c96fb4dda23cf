/**
 * Our ops as WGSL on TF.js's WebGPU backend, and its products in one order. Nothing happens on import: `registerWebgpuKernels`
 * registers them, and without it the ops run as compositions of TF.js's kernels.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FusedKernelName } from '../fused-kernel.ts';
import { adamw } from './adamw.ts';
import { dense, denseGradient } from './dense.ts';
import { gelu, geluGradient } from './gelu.ts';
import type { WebgpuKernel } from './kernel.ts';
import { layerNorm, layerNormGradient } from './layer-norm.ts';
import { orderProducts } from './products-in-order.ts';
import { scatterAdd } from './scatter-add.ts';
import type { WebgpuBackend } from './shader.ts';
import { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax-cross-entropy.ts';
import { spatialGate, spatialGateGradient } from './spatial-gate.ts';

const kernels: Partial<Record<FusedKernelName, WebgpuKernel>> = {
  GmlpAdamW: adamw,
  GmlpDense: dense,
  GmlpDenseGradient: denseGradient,
  GmlpGelu: gelu,
  GmlpGeluGradient: geluGradient,
  GmlpLayerNorm: layerNorm,
  GmlpLayerNormGradient: layerNormGradient,
  GmlpScatterAdd: scatterAdd,
  GmlpSoftmaxCrossEntropy: softmaxCrossEntropy,
  GmlpSoftmaxCrossEntropyGradient: softmaxCrossEntropyGradient,
  GmlpSpatialGate: spatialGate,
  GmlpSpatialGateGradient: spatialGateGradient,
};

/** Registers the kernels for TF.js's backend `webgpu`; a second call changes nothing. Returns a function that takes them back. */
export function registerWebgpuKernels(): () => void {
  const added: FusedKernelName[] = [];
  for (const [kernelName, kernel] of Object.entries(kernels) as [FusedKernelName, WebgpuKernel][]) {
    if (tf.getKernel(kernelName, 'webgpu')) continue;
    const config: KernelConfig = {
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, backend, attrs }) =>
        kernel(backend as WebgpuBackend, inputs as Record<string, TensorInfo>, attrs ?? {}),
    };
    tf.registerKernel(config);
    added.push(kernelName);
  }
  const takeProductsBack = added.length > 0 ? orderProducts() : () => undefined;
  return () => {
    takeProductsBack();
    for (const name of added) tf.unregisterKernel(name, 'webgpu');
  };
}
