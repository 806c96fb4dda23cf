/**
 * Our ops as WGSL on TF.js's WebGPU backend. Nothing happens on import: `registerWebgpuKernels` registers them, and without it
 * the ops run as compositions of TF.js's kernels.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FusedKernelName } from '../fused-kernel.ts';
import { adamw } from './adamw.ts';
import { dense, denseGradient } from './dense.ts';
import { gelu, geluGradient } from './gelu.ts';
import type { WebgpuKernel } from './kernel.ts';
import { layerNorm, layerNormGradient } from './layer-norm.ts';
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
  return () => {
    for (const name of added) tf.unregisterKernel(name, 'webgpu');
  };
}
