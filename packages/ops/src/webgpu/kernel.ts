import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './shader.ts';

/** A fused kernel on WebGPU: see `FusedKernelName` for what each is given and gives. */
export type WebgpuKernel = (
  backend: WebgpuBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<NamedAttrMap>,
) => TensorInfo[];
