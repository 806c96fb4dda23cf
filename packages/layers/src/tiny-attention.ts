/**
 * Tiny attention (paper, section 4.3 and figure 6): one head of few channels, whose output is added to a spatial gate.
 *
 *   [q, k, v] = x Wqkv,  y = softmax(q k^T / sqrt(attentionChannels)) v Wo
 *   x [batch, tokens, channels] -> y [batch, tokens, outputs]
 */
import { attend, attentionScores } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { causalBias } from './attention-bias.ts';
import { type DenseParameters, dense } from './dense.ts';
import { type LinearParameters, linear } from './linear.ts';
import type { Layer } from './module.ts';

export type TinyAttentionParameters = { readonly qkv: LinearParameters; readonly output: DenseParameters };

export interface TinyAttentionOptions {
  readonly channels: number;
  /** The paper's d_attn: channels of queries, keys and values. */
  readonly attentionChannels: number;
  readonly outputs: number;
  /** Whether queries, keys and values have a bias. */
  readonly projectionBias?: boolean;
  /** No token sees a later one. */
  readonly causal?: boolean;
}

export interface TinyAttention extends Layer<TinyAttentionParameters> {
  /** What each token attends to: softmax(q k^T / sqrt(attentionChannels)), [batch, tokens, tokens]. For looking inside. */
  weights(params: TinyAttentionParameters, x: Tensor): Tensor;
}

export function tinyAttention({
  channels,
  attentionChannels,
  outputs,
  projectionBias = true,
  causal = false,
}: TinyAttentionOptions): TinyAttention {
  const qkv = linear({ inputs: channels, outputs: 3 * attentionChannels, bias: projectionBias });
  const output = dense({ inputs: attentionChannels, outputs });
  function scored(params: TinyAttentionParameters, x: Tensor): { scores: Tensor; v: Tensor } {
    const [q, k, v] = tf.split(qkv.apply(params.qkv, x), 3, -1) as [Tensor, Tensor, Tensor];
    const similar = attentionScores(q, k);
    return { scores: causal ? tf.add(similar, tf.squeeze(causalBias(x.shape[1]!), [0])) : similar, v };
  }
  return {
    spec: { qkv: qkv.spec, output: output.spec },
    apply(params, x) {
      const { scores, v } = scored(params, x);
      return output.apply(params.output, attend(scores, v));
    },
    weights: (params, x) => tf.softmax(scored(params, x).scores),
  };
}
