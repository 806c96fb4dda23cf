/**
 * gMLP for language (paper, section 4): token embedding, a stack of gMLP blocks, a final norm. No positional encoding: the
 * spatial weights know where each token is. With tiny attention in its gates it is aMLP (section 4.3).
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import { GmlpError, split } from '@gmlp/base';
import {
  type Context,
  type EmbeddingParameters,
  embedding,
  type GateForm,
  type GmlpBlockParameters,
  gmlpBlock,
  type LayerNormParameters,
  layerNorm,
  type Module,
  type SpatialWeight,
} from '@gmlp/layers';
import type { GeluForm } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { type MaskedLanguageHeadConfig, maskedLanguageHeadSchema } from './heads/masked-language.ts';
import { type Optional, parseConfig } from './parse-config.ts';

interface Sizes {
  readonly family: 'gmlp-language';
  /** How many pieces the tokenizer has. */
  readonly vocabulary: number;
  /** The length of every sequence: the spatial weights are made for it. */
  readonly tokens: number;
  /** The paper's d_model. */
  readonly channels: number;
  /** The paper's d_ffn: channels after the expansion, before the split. */
  readonly hiddenChannels: number;
  /** How many blocks: the paper's L. */
  readonly layers: number;
}

interface Choices {
  readonly gate: GateForm;
  readonly spatialWeight: SpatialWeight;
  /** Whether no token sees a later one. */
  readonly causal: boolean;
  /** GELU as it is defined, or its approximation by tanh. */
  readonly activation: GeluForm;
  /** Of every layer norm. */
  readonly epsilon: number;
  /** The chance of each block's branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability: number;
  /** The paper's d_attn: channels of aMLP's tiny attention; 0 for gMLP, which has none. */
  readonly attentionChannels: number;
  /** Whether queries, keys and values of tiny attention have a bias. */
  readonly attentionBias: boolean;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface GmlpLanguageConfig extends Sizes, Choices {
  readonly head: MaskedLanguageHeadConfig;
}

/** A config as people write it: what has a default may be left out. */
export interface GmlpLanguageOptions extends Sizes, Optional<Choices> {
  readonly head?: Optional<MaskedLanguageHeadConfig> | undefined;
}

const count = z.int().check(z.positive());

export const gmlpLanguageSchema: z.ZodMiniType<GmlpLanguageConfig, GmlpLanguageOptions> = z
  .strictObject({
    family: z.literal('gmlp-language'),
    vocabulary: count,
    tokens: count,
    channels: count,
    hiddenChannels: count,
    layers: z.int().check(z.positive(), z.maximum(10_000)), // each block is listed in the spec
    gate: z._default(z.enum(['split', 'multiplicative', 'additive', 'linear']), 'split'),
    spatialWeight: z._default(z.enum(['toeplitz', 'dense']), 'toeplitz'),
    causal: z._default(z.boolean(), false),
    activation: z._default(z.enum(['erf', 'tanh']), 'erf'),
    epsilon: z._default(z.number().check(z.positive()), 1e-6),
    survivalProbability: z._default(z.number().check(z.positive(), z.maximum(1)), 1),
    attentionChannels: z._default(z.int().check(z.nonnegative()), 0),
    attentionBias: z._default(z.boolean(), true),
    head: z.prefault(maskedLanguageHeadSchema, {}),
  })
  .check(
    z.refine(({ gate, hiddenChannels }) => gate !== 'split' || hiddenChannels % 2 === 0, {
      path: ['hiddenChannels'],
      error: 'the split gate halves the channels: an even number is needed',
    }),
  );

export type GmlpLanguageParameters = {
  readonly embedding: EmbeddingParameters;
  readonly blocks: readonly GmlpBlockParameters[];
  readonly norm: LayerNormParameters;
};

export function gmlpLanguage(options: GmlpLanguageOptions): Module<GmlpLanguageParameters> {
  const config = parseConfig('gmlpLanguage', gmlpLanguageSchema, options);
  const { vocabulary, tokens, channels, layers, epsilon } = config;
  const embed = embedding({ vocabulary, channels });
  const block = gmlpBlock(config);
  const norm = layerNorm({ channels, epsilon });
  return {
    spec: {
      embedding: embed.spec,
      blocks: Array.from({ length: layers }, () => block.spec),
      norm: norm.spec,
    },
    apply(params, ids, context) {
      expectLength(ids, tokens);
      let x = embed.apply(params.embedding, ids);
      params.blocks.forEach((weights, layer) => {
        x = block.apply(weights, x, forLayer(context, layer));
      });
      return norm.apply(params.norm, x);
    },
  };
}

function forLayer(context: Context, layer: number): Context {
  return context.key === undefined ? context : { ...context, key: split(context.key, layer) };
}

function expectLength(ids: Tensor, tokens: number): void {
  const [, length] = ids.shape;
  if (ids.rank !== 2 || ids.dtype !== 'int32') {
    throw new GmlpError(
      'shape-mismatch',
      `gmlpLanguage: expected ids int32 [batch, ${tokens}], got ${ids.dtype} [${ids.shape.join(', ')}]`,
      { shape: ids.shape, dtype: ids.dtype },
    );
  }
  if (length !== tokens) {
    throw new GmlpError(
      'shape-mismatch',
      `gmlpLanguage: the model reads sequences of ${tokens} tokens, got ${length}; pad or cut them to ${tokens}, ` +
        `or create the model with tokens: ${length}`,
      { expected: tokens, got: length },
    );
  }
}
