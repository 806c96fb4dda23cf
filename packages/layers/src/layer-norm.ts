/**
 * Layer normalisation of the channels, with a learned scale and offset:
 *
 *   y = (x - mean) / sqrt(variance + epsilon) * scale + offset        x [..., channels]
 */
import { layerNorm as layerNormOp } from '@gmlp/ops';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { ones, zeros } from './initialisers.ts';
import { type Layer, parameter } from './module.ts';

export type LayerNormParameters = { readonly scale: Tensor; readonly offset: Tensor };

export interface LayerNormOptions {
  readonly channels: number;
  readonly epsilon?: number;
}

export function layerNorm({ channels, epsilon = 1e-6 }: LayerNormOptions): Layer<LayerNormParameters> {
  return {
    spec: {
      scale: parameter([channels], ones, { decay: false }),
      offset: parameter([channels], zeros, { decay: false }),
    },
    apply: ({ scale, offset }, x) => layerNormOp(x, scale as Tensor1D, offset as Tensor1D, epsilon),
  };
}
