/**
 * The block of a Transformer encoder: self-attention, then an MLP over the channels, both residual branches.
 *
 *   pre:  x + attention(norm(x)),  then  x + mlp(norm(x))       norms on the branches' inputs; a final norm belongs after all blocks
 *   post: norm(x + attention(x)),  then  norm(x + mlp(x))       as Vaswani and others (2017) and BERT
 *   x [batch, tokens, channels] -> the same
 *
 * In training, dropout works on each branch's output, and with a survival probability below 1 whole branches are left out.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import { dropout as dropElements } from './dropout.ts';
import type { Initialiser } from './initialisers.ts';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import { type MlpParameters, mlp } from './mlp.ts';
import type { Module } from './module.ts';
import { type MultiHeadAttentionParameters, multiHeadAttention } from './multi-head-attention.ts';
import { contextOf, survive } from './stochastic-depth.ts';

export type NormPlacement = 'pre' | 'post';

export type TransformerBlockParameters = {
  readonly attentionNorm: LayerNormParameters;
  readonly attention: MultiHeadAttentionParameters;
  readonly mlpNorm: LayerNormParameters;
  readonly mlp: MlpParameters;
};

export interface TransformerBlockInput {
  readonly x: Tensor;
  /** Added to the scores of attention: masks, relative positions. */
  readonly bias?: Tensor | undefined;
}

export interface TransformerBlockOptions {
  readonly channels: number;
  readonly heads: number;
  readonly hiddenChannels: number;
  readonly normPlacement?: NormPlacement;
  readonly activation?: Activation;
  readonly epsilon?: number;
  /** Whether attention depends on what the tokens are, or on the bias alone. */
  readonly content?: boolean;
  readonly dropout?: number;
  /** Of the attention's weights. */
  readonly attentionDropout?: number;
  readonly survivalProbability?: number;
  /** How the weights of attention and MLP start; biases start as zero. */
  readonly initialiser?: Initialiser;
}

export function transformerBlock({
  channels,
  heads,
  hiddenChannels,
  normPlacement = 'pre',
  activation = 'erf',
  epsilon = 1e-6,
  content = true,
  dropout = 0,
  attentionDropout = 0,
  survivalProbability = 1,
  initialiser,
}: TransformerBlockOptions): Module<TransformerBlockParameters, TransformerBlockInput> {
  const norm = layerNorm({ channels, epsilon });
  const start = initialiser && { initialiser };
  const attention = multiHeadAttention({ channels, heads, content, dropout: attentionDropout, ...start });
  const perToken = mlp({ channels, hiddenChannels, activation, ...start });
  return {
    spec: { attentionNorm: norm.spec, attention: attention.spec, mlpNorm: norm.spec, mlp: perToken.spec },
    apply(params, { x, bias }, context) {
      const branch = (y: Tensor, part: string): Tensor => {
        const own = contextOf(context, part);
        return survive(dropElements(y, dropout, contextOf(own, 'dropout')), survivalProbability, own);
      };
      const attended = residual(
        normPlacement,
        x,
        (at) => norm.apply(params.attentionNorm, at),
        (at) => branch(attention.apply(params.attention, { x: at, bias }, contextOf(context, 'weights')), 'attention'),
      );
      return residual(
        normPlacement,
        attended,
        (at) => norm.apply(params.mlpNorm, at),
        (at) => branch(perToken.apply(params.mlp, at), 'mlp'),
      );
    },
  };
}

/** A shortcut around a branch, with the norm before the branch or after the sum. */
export function residual(
  placement: NormPlacement,
  x: Tensor,
  norm: (x: Tensor) => Tensor,
  branch: (x: Tensor) => Tensor,
): Tensor {
  return placement === 'pre' ? tf.add(x, branch(norm(x))) : norm(tf.add(x, branch(x)));
}
