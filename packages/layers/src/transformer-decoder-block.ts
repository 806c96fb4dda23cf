/**
 * The block of a Transformer decoder (Vaswani and others, 2017, section 3.1): self-attention, attention to what an encoder
 * made of the source, then an MLP over the channels, each a residual branch with a norm before it or after its sum, as in
 * `transformerBlock`.
 *
 *   x [batch, tokens, channels], memory [batch, keys, channels] -> the same as x
 *
 * `bias` is added to the scores of self-attention (no token looks at a later one), `memoryBias` to those of the other (padding
 * of the source). In training dropout works on each branch's output.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import { dropout as dropElements } from './dropout.ts';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import { type MlpParameters, mlp } from './mlp.ts';
import type { Module } from './module.ts';
import { type MultiHeadAttentionParameters, multiHeadAttention } from './multi-head-attention.ts';
import { contextOf } from './stochastic-depth.ts';
import { type NormPlacement, residual } from './transformer-block.ts';

export type TransformerDecoderBlockParameters = {
  readonly attentionNorm: LayerNormParameters;
  readonly attention: MultiHeadAttentionParameters;
  readonly crossAttentionNorm: LayerNormParameters;
  readonly crossAttention: MultiHeadAttentionParameters;
  readonly mlpNorm: LayerNormParameters;
  readonly mlp: MlpParameters;
};

export interface TransformerDecoderBlockInput {
  readonly x: Tensor;
  /** Where the second attention looks. */
  readonly memory: Tensor;
  readonly bias?: Tensor | undefined;
  readonly memoryBias?: Tensor | undefined;
}

export interface TransformerDecoderBlockOptions {
  readonly channels: number;
  readonly heads: number;
  readonly hiddenChannels: number;
  readonly normPlacement?: NormPlacement;
  readonly activation?: Activation;
  readonly epsilon?: number;
  readonly dropout?: number;
}

export function transformerDecoderBlock({
  channels,
  heads,
  hiddenChannels,
  normPlacement = 'pre',
  activation = 'erf',
  epsilon = 1e-6,
  dropout = 0,
}: TransformerDecoderBlockOptions): Module<TransformerDecoderBlockParameters, TransformerDecoderBlockInput> {
  const norm = layerNorm({ channels, epsilon });
  const attention = multiHeadAttention({ channels, heads });
  const perToken = mlp({ channels, hiddenChannels, activation });
  return {
    spec: {
      attentionNorm: norm.spec,
      attention: attention.spec,
      crossAttentionNorm: norm.spec,
      crossAttention: attention.spec,
      mlpNorm: norm.spec,
      mlp: perToken.spec,
    },
    apply(params, { x, memory, bias, memoryBias }, context) {
      const around = (at: Tensor, part: 'attention' | 'crossAttention' | 'mlp', branch: (x: Tensor) => Tensor): Tensor =>
        residual(
          normPlacement,
          at,
          (y) => norm.apply(params[`${part}Norm`], y),
          (y) => dropElements(branch(y), dropout, contextOf(context, part)),
        );
      const own = around(x, 'attention', (y) => attention.apply(params.attention, { x: y, bias }, context));
      const seen = around(own, 'crossAttention', (y) =>
        attention.apply(params.crossAttention, { x: y, memory, bias: memoryBias }, context),
      );
      return around(seen, 'mlp', (y) => perToken.apply(params.mlp, y));
    },
  };
}
