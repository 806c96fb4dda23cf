/**
 * Affine map of the channels whose bias may be left out: y = x W (+ b).
 *
 *   x [..., inputs], W [inputs, outputs], b [outputs] -> y [..., outputs]
 */
import { dense as denseOp } from '@gmlp/ops';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { type DenseOptions, dense } from './dense.ts';
import type { Layer } from './module.ts';

export type LinearParameters = { readonly weight: Tensor; readonly bias?: Tensor };

export interface LinearOptions extends DenseOptions {
  readonly bias: boolean;
}

export function linear({ bias, ...options }: LinearOptions): Layer<LinearParameters> {
  const { spec } = dense(options);
  return {
    spec: bias ? spec : { weight: spec.weight },
    apply: (params, x) => denseOp(x, params.weight as Tensor2D, params.bias as Tensor1D | undefined),
  };
}
