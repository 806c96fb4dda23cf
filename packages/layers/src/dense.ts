/**
 * Affine map of the channels: y = x W + b.
 *
 *   x [..., inputs], W [inputs, outputs], b [outputs] -> y [..., outputs]
 */
import { dense as denseOp } from '@gmlp/ops';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { type Initialiser, zeros } from './initialisers.ts';
import { type Layer, parameter } from './module.ts';

export type DenseParameters = { readonly weight: Tensor; readonly bias: Tensor };

export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly initialiser?: Initialiser;
}

export function dense({ inputs, outputs, initialiser = { kind: 'glorot-uniform' } }: DenseOptions): Layer<DenseParameters> {
  return {
    spec: {
      weight: parameter([inputs, outputs], initialiser, { decay: true }),
      bias: parameter([outputs], zeros, { decay: false }),
    },
    apply: ({ weight, bias }, x) => denseOp(x, weight as Tensor2D, bias as Tensor1D),
  };
}
