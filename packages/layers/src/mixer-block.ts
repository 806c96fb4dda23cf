/**
 * The MLP-Mixer block (Tolstikhin and others, 2021, section 2): an MLP over the tokens, the same for every channel, then one
 * over the channels, the same for every token. Both are residual branches; stochastic depth draws for each.
 *
 *   x + transpose(tokenMixing(transpose(tokenNorm(x))))      tokens -> tokenHidden -> tokens
 *   x + channelMixing(channelNorm(x))                        channels -> hiddenChannels -> channels
 *
 *   x [batch, tokens, channels] -> the same
 */
import type { GeluForm } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import { type MlpParameters, mlp } from './mlp.ts';
import type { Module } from './module.ts';
import { contextOf, survive } from './stochastic-depth.ts';

export type MixerBlockParameters = {
  readonly tokenNorm: LayerNormParameters;
  readonly tokenMixing: MlpParameters;
  readonly channelNorm: LayerNormParameters;
  readonly channelMixing: MlpParameters;
};

export interface MixerBlockOptions {
  readonly tokens: number;
  readonly channels: number;
  /** Hidden units of the MLP over the tokens: the paper's D_S. */
  readonly tokenHidden: number;
  /** Hidden units of the MLP over the channels: the paper's D_C. */
  readonly hiddenChannels: number;
  readonly activation?: GeluForm;
  readonly epsilon?: number;
  readonly survivalProbability?: number;
}

export function mixerBlock({
  tokens,
  channels,
  tokenHidden,
  hiddenChannels,
  activation = 'erf',
  epsilon = 1e-6,
  survivalProbability = 1,
}: MixerBlockOptions): Module<MixerBlockParameters> {
  const norm = layerNorm({ channels, epsilon });
  const tokenMixing = mlp({ channels: tokens, hiddenChannels: tokenHidden, activation });
  const channelMixing = mlp({ channels, hiddenChannels, activation });
  return {
    spec: {
      tokenNorm: norm.spec,
      tokenMixing: tokenMixing.spec,
      channelNorm: norm.spec,
      channelMixing: channelMixing.spec,
    },
    apply(params, x, context) {
      const turned = tf.transpose(norm.apply(params.tokenNorm, x), [0, 2, 1]); // [batch, channels, tokens]
      const mixed = tf.transpose(tokenMixing.apply(params.tokenMixing, turned), [0, 2, 1]);
      const between = tf.add(x, survive(mixed, survivalProbability, contextOf(context, 'tokens')));
      const branch = channelMixing.apply(params.channelMixing, norm.apply(params.channelNorm, between));
      return tf.add(between, survive(branch, survivalProbability, contextOf(context, 'channels')));
    },
  };
}
