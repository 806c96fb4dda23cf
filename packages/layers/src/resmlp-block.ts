/**
 * The ResMLP block (Touvron and others, "ResMLP", 2021, section 2): one linear map of the tokens, then an MLP of the channels.
 * Both are residual branches behind an affine map and before a layer scale; stochastic depth draws for each.
 *
 *   x + tokenScale(W tokenAffine(x) + b)
 *   x + channelScale(mlp(channelAffine(x)))
 *
 *   x [batch, tokens, channels], W [tokens, tokens], b [tokens] -> the same as x
 */
import type { GeluForm } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type AffineParameters, affine } from './affine.ts';
import { type Initialiser, zeros } from './initialisers.ts';
import { type LayerScaleParameters, layerScale } from './layer-scale.ts';
import { type MlpParameters, mlp } from './mlp.ts';
import type { Module } from './module.ts';
import { type SpatialProjectionParameters, spatialProjection } from './spatial-projection.ts';
import { contextOf, survive } from './stochastic-depth.ts';

export type ResmlpBlockParameters = {
  readonly tokenAffine: AffineParameters;
  readonly spatial: SpatialProjectionParameters;
  readonly tokenScale: LayerScaleParameters;
  readonly channelAffine: AffineParameters;
  readonly mlp: MlpParameters;
  readonly channelScale: LayerScaleParameters;
};

export interface ResmlpBlockOptions {
  readonly tokens: number;
  readonly channels: number;
  readonly hiddenChannels: number;
  /** Where the layer scales start: the deeper the model, the smaller. */
  readonly layerScale: number;
  readonly activation?: GeluForm;
  readonly survivalProbability?: number;
}

const initialiser: Initialiser = { kind: 'truncated-normal', deviation: 0.02 };

export function resmlpBlock({
  tokens,
  channels,
  hiddenChannels,
  layerScale: initial,
  activation = 'erf',
  survivalProbability = 1,
}: ResmlpBlockOptions): Module<ResmlpBlockParameters> {
  const norm = affine({ channels });
  const spatial = spatialProjection({ tokens, initialiser, biasInitialiser: zeros });
  const scale = layerScale({ channels, initial });
  const channelMlp = mlp({ channels, hiddenChannels, activation, initialiser });
  return {
    spec: {
      tokenAffine: norm.spec,
      spatial: spatial.spec,
      tokenScale: scale.spec,
      channelAffine: norm.spec,
      mlp: channelMlp.spec,
      channelScale: scale.spec,
    },
    apply(params, x, context) {
      const mixed = scale.apply(params.tokenScale, spatial.apply(params.spatial, norm.apply(params.tokenAffine, x)));
      const between = tf.add(x, survive(mixed, survivalProbability, contextOf(context, 'tokens')));
      const hidden = channelMlp.apply(params.mlp, norm.apply(params.channelAffine, between));
      const branch = scale.apply(params.channelScale, hidden);
      return tf.add(between, survive(branch, survivalProbability, contextOf(context, 'channels')));
    },
  };
}
