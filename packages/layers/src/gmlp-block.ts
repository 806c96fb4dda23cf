/**
 * The gMLP block (paper, figure 1), a residual branch of two channel projections around the spatial gating unit:
 *
 *   x + contract(s(gelu(expand(norm(x)))))        [batch, tokens, channels] -> the same
 *
 * With tiny attention on norm(x) added inside the gate it is the block of aMLP (figure 6).
 *
 * With a survival probability below 1, whole branches are left out in training, sample by sample (stochastic depth).
 */
import { type GeluForm, gelu } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type DenseParameters, dense } from './dense.ts';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import type { Module } from './module.ts';
import { type GateForm, gatedChannels, type SpatialGatingUnitParameters, spatialGatingUnit } from './spatial-gating-unit.ts';
import type { SpatialWeight } from './spatial-projection.ts';
import { survive } from './stochastic-depth.ts';

export type GmlpBlockParameters = {
  readonly norm: LayerNormParameters;
  readonly expand: DenseParameters;
  readonly gate: SpatialGatingUnitParameters;
  readonly contract: DenseParameters;
};

export interface GmlpBlockOptions {
  readonly tokens: number;
  readonly channels: number;
  /** Channels after the expansion: the paper's d_ffn. The split gate halves them again. */
  readonly hiddenChannels: number;
  readonly gate?: GateForm;
  readonly spatialWeight?: SpatialWeight;
  readonly causal?: boolean;
  readonly activation?: GeluForm;
  readonly epsilon?: number;
  /** Of the norm inside the gate; the block's when left out. */
  readonly gateEpsilon?: number;
  readonly survivalProbability?: number;
  /** The paper's d_attn, of aMLP's tiny attention; 0 for gMLP, which has none. */
  readonly attentionChannels?: number;
  /** Whether its queries, keys and values have a bias. */
  readonly attentionBias?: boolean;
}

export function gmlpBlock({
  tokens,
  channels,
  hiddenChannels,
  gate: form = 'split',
  spatialWeight = 'dense',
  causal = false,
  activation = 'erf',
  epsilon = 1e-6,
  gateEpsilon = epsilon,
  survivalProbability = 1,
  attentionChannels = 0,
  attentionBias = true,
}: GmlpBlockOptions): Module<GmlpBlockParameters> {
  const norm = layerNorm({ channels, epsilon });
  const expand = dense({ inputs: channels, outputs: hiddenChannels });
  const gate = spatialGatingUnit({
    tokens,
    channels: hiddenChannels,
    form,
    weight: spatialWeight,
    causal,
    epsilon: gateEpsilon,
    attention: attentionChannels > 0 ? { channels, attentionChannels, projectionBias: attentionBias } : undefined,
  });
  const contract = dense({ inputs: gatedChannels(form, hiddenChannels), outputs: channels });
  return {
    spec: { norm: norm.spec, expand: expand.spec, gate: gate.spec, contract: contract.spec },
    apply(params, x, context) {
      const normed = norm.apply(params.norm, x);
      const hidden = gelu(expand.apply(params.expand, normed), activation);
      const gated = gate.apply(params.gate, hidden, normed);
      const branch = contract.apply(params.contract, gated);
      return tf.add(x, survive(branch, survivalProbability, context));
    },
  };
}
