/**
 * Multi-head attention (Vaswani and others, 2017, section 3.2.2). With q = x Wq, k = m Wk, v = m Wv, cut along the channels
 * into heads:
 *
 *   y = concat over heads of (softmax(q k^T / sqrt(channels / heads) + bias) v) Wo
 *   x [batch, queries, channels], memory m [batch, keys, memoryChannels] -> y [batch, queries, channels]
 *
 * Self-attention when no memory is given. `bias` is added to the scores and broadcasts to [batch, heads, queries, keys]: masks
 * (attention-bias.ts), relative positions, or the sum of both. Without its content term the scores are the bias alone; Wq and
 * Wk fall away, and a query's place decides where it looks ("- attn" in table 3 of the paper).
 */
import { GmlpError } from '@gmlp/base';
import { attend, attentionScores } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activeDropout } from './dropout.ts';
import type { Initialiser } from './initialisers.ts';
import { type LinearParameters, linear } from './linear.ts';
import type { Module } from './module.ts';

export type MultiHeadAttentionParameters = {
  readonly query?: LinearParameters;
  readonly key?: LinearParameters;
  readonly value: LinearParameters;
  readonly output: LinearParameters;
};

export interface AttentionInput {
  readonly x: Tensor;
  /** Where to look; x itself when left out. */
  readonly memory?: Tensor | undefined;
  readonly bias?: Tensor | undefined;
}

export interface MultiHeadAttentionOptions {
  readonly channels: number;
  readonly heads: number;
  /** Of the memory; those of x when left out. */
  readonly memoryChannels?: number;
  /** Whether the projections to queries, keys and values have a bias. */
  readonly projectionBias?: boolean;
  /** Whether scores depend on what the tokens are; without it on the bias alone. */
  readonly content?: boolean;
  /** Of the weights after the softmax, in training. */
  readonly dropout?: number;
  readonly initialiser?: Initialiser;
}

export function multiHeadAttention({
  channels,
  heads,
  memoryChannels = channels,
  projectionBias = true,
  content = true,
  dropout = 0,
  initialiser,
}: MultiHeadAttentionOptions): Module<MultiHeadAttentionParameters, AttentionInput> {
  if (channels % heads !== 0) {
    throw new GmlpError(
      'invalid-argument',
      `multiHeadAttention: expected channels that divide among ${heads} heads, got ${channels}`,
      { channels, heads },
    );
  }
  const start = initialiser && { initialiser };
  const query = linear({ inputs: channels, outputs: channels, bias: projectionBias, ...start });
  const key = linear({ inputs: memoryChannels, outputs: channels, bias: projectionBias, ...start });
  const output = linear({ inputs: channels, outputs: channels, bias: true, ...start });
  return {
    spec: {
      ...(content && { query: query.spec, key: key.spec }),
      value: key.spec,
      output: output.spec,
    },
    apply(params, { x, memory = x, bias }, context) {
      const v = toHeads(key.apply(params.value, memory), heads);
      const similar =
        params.query && params.key
          ? attentionScores(toHeads(query.apply(params.query, x), heads), toHeads(key.apply(params.key, memory), heads))
          : undefined;
      const scores = similar && bias ? tf.add(similar, bias) : (similar ?? bias);
      if (scores === undefined) {
        throw new GmlpError(
          'invalid-argument',
          'multiHeadAttention: without the content term the scores are the bias; pass one [batch or 1, heads, queries, keys]',
        );
      }
      return output.apply(params.output, fromHeads(attend(scores, v, activeDropout(dropout, context))));
    },
  };
}

/** [batch, tokens, channels] -> [batch, heads, tokens, channels / heads] */
function toHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, channels] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}

function fromHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, channels] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * channels]);
}
