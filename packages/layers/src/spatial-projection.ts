/**
 * Affine map of the tokens, shared by all channels: f(z) = W z + b (paper, section 2.1).
 *
 *   z [batch, tokens, channels], b [tokens] -> [batch, tokens, channels]
 *   dense:    W [tokens, tokens] is learned
 *   toeplitz: w [2 tokens - 1] is learned, W[i, j] = w[(tokens - 1) + (j - i)]: a weight for each distance (appendix C)
 *
 * It starts as f(z) = 1: W ~ N(0, 1e-6), b = 1, which the paper calls critical for stable training of the gate.
 */
import { spatialGate, spatialProjection as spatialProjectionOp, toeplitz } from '@gmlp/ops';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { type Initialiser, ones } from './initialisers.ts';
import { type Layer, parameter } from './module.ts';

export type SpatialWeight = 'dense' | 'toeplitz';

export type SpatialProjectionParameters = { readonly weight: Tensor; readonly bias: Tensor };

export interface SpatialProjectionOptions {
  readonly tokens: number;
  readonly weight?: SpatialWeight;
  /** No token sees a later one. */
  readonly causal?: boolean;
  /** How W starts. */
  readonly initialiser?: Initialiser;
  /** How b starts. */
  readonly biasInitialiser?: Initialiser;
}

export interface SpatialProjection extends Layer<SpatialProjectionParameters> {
  /** u * f(z), in one kernel where the device has it. */
  gate(params: SpatialProjectionParameters, u: Tensor, z: Tensor): Tensor;
}

export function spatialProjection({
  tokens,
  weight: form = 'dense',
  causal = false,
  initialiser = { kind: 'normal', deviation: 1e-6 },
  biasInitialiser = ones,
}: SpatialProjectionOptions): SpatialProjection {
  const matrixOf = (weight: Tensor): Tensor2D => (form === 'toeplitz' ? toeplitz(weight as Tensor1D) : (weight as Tensor2D));
  const shape = form === 'toeplitz' ? [2 * tokens - 1] : [tokens, tokens];
  return {
    spec: {
      weight: parameter(shape, initialiser, { decay: true }),
      bias: parameter([tokens], biasInitialiser, { decay: false }),
    },
    apply: ({ weight, bias }, z) => spatialProjectionOp(z as Tensor3D, matrixOf(weight), bias as Tensor1D, { causal }),
    gate: ({ weight, bias }, u, z) => spatialGate(u as Tensor3D, z as Tensor3D, matrixOf(weight), bias as Tensor1D, { causal }),
  };
}
