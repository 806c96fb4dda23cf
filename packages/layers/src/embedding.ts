/**
 * A vector for each id, and the way back: how much a vector is like each id's.
 *
 *   apply:  ids int32 [...] -> [..., channels]
 *   logits: x [..., channels] -> x E^T [..., vocabulary], which ties a language model's output to its input
 */
import { embedding as embeddingOp } from '@gmlp/ops';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { type Layer, parameter } from './module.ts';
import { tiedLogits } from './tied-logits.ts';

export type EmbeddingParameters = { readonly weight: Tensor };

export interface EmbeddingOptions {
  readonly vocabulary: number;
  readonly channels: number;
  readonly deviation?: number;
}

export interface Embedding extends Layer<EmbeddingParameters> {
  logits(params: EmbeddingParameters, x: Tensor): Tensor;
}

export function embedding({ vocabulary, channels, deviation = 0.02 }: EmbeddingOptions): Embedding {
  return {
    spec: { weight: parameter([vocabulary, channels], { kind: 'truncated-normal', deviation }, { decay: true }) },
    apply: ({ weight }, ids) => embeddingOp(ids, weight as Tensor2D),
    logits: ({ weight }, x) => tiedLogits(x, weight as Tensor2D),
  };
}
