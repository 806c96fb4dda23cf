/**
 * BERT (Devlin and others, 2019), and the Transformers that the gMLP paper compares with: token embedding, positions, a stack of
 * Transformer blocks.
 *
 *   ids int32 [batch, tokens], segments int32 [batch, tokens], mask bool [batch, tokens] -> [batch, tokens, channels]
 *
 * Norms stand after the sums, as in BERT, with one on the embeddings; or before the branches, with one after all blocks.
 * Positions are learned vectors, or T5's scores by distance, one table for all blocks ("+ rel pos" in table 3 of the gMLP paper).
 * Without its content term attention sees these scores alone ("- attn"). A sequence may be shorter than `tokens`.
 */
import { GmlpError } from '@gmlp/base';
import {
  addBiases,
  contextOf,
  type DenseParameters,
  dense,
  dropout as dropElements,
  type EmbeddingParameters,
  embedding,
  type Initialiser,
  type LayerNormParameters,
  layerNorm,
  type Module,
  type NormPlacement,
  paddingBias,
  type RelativePositionBiasParameters,
  relativePositionBias,
  type TransformerBlockParameters,
  transformerBlock,
} from '@gmlp/layers';
import type { GeluForm } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { type MaskedLanguageHeadConfig, maskedLanguageHeadSchema } from './heads/masked-language.ts';
import { type Optional, parseConfig } from './parse-config.ts';
import type { TextInput } from './text-input.ts';

interface Sizes {
  readonly family: 'bert';
  /** How many pieces the tokenizer has. */
  readonly vocabulary: number;
  /** The longest sequence. */
  readonly tokens: number;
  readonly channels: number;
  /** Channels inside the MLP of a block. */
  readonly hiddenChannels: number;
  /** Of the attention: they share the channels. */
  readonly heads: number;
  /** How many blocks, each of attention and an MLP. */
  readonly layers: number;
}

interface Choices {
  /** A learned vector for each place, or a score for each distance of two tokens. */
  readonly positions: 'absolute' | 'relative';
  /** Whether attention depends on what the tokens are; without it on their distance alone. */
  readonly content: boolean;
  readonly normPlacement: NormPlacement;
  /** How many kinds of segments there are: 2 for pairs of sentences, 0 for no embedding of them. */
  readonly segments: number;
  /** Whether BERT's pooler, a dense map of the first token, belongs to the body. Classification uses it, masked language modelling does not. */
  readonly pooler: boolean;
  /** GELU as it is defined, or its approximation by tanh. */
  readonly activation: GeluForm;
  /** Of every layer norm. */
  readonly epsilon: number;
  /** Of the embeddings and of each branch's output, in training. */
  readonly dropout: number;
  /** Of the attention's weights, in training. */
  readonly attentionDropout: number;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface BertConfig extends Sizes, Choices {
  readonly head: MaskedLanguageHeadConfig;
}

/** A config as people write it: what has a default may be left out. */
export interface BertOptions extends Sizes, Optional<Choices> {
  readonly head?: Optional<MaskedLanguageHeadConfig> | undefined;
}

const count = z.int().check(z.positive());
const rate = z._default(z.number().check(z.nonnegative(), z.lt(1)), 0);

export const bertSchema: z.ZodMiniType<BertConfig, BertOptions> = z
  .strictObject({
    family: z.literal('bert'),
    vocabulary: count,
    tokens: count,
    channels: count,
    hiddenChannels: count,
    heads: count,
    layers: z.int().check(z.positive(), z.maximum(10_000)), // each block is listed in the spec
    positions: z._default(z.enum(['absolute', 'relative']), 'absolute'),
    content: z._default(z.boolean(), true),
    normPlacement: z._default(z.enum(['pre', 'post']), 'post'),
    segments: z._default(z.int().check(z.nonnegative()), 0),
    pooler: z._default(z.boolean(), false),
    activation: z._default(z.enum(['erf', 'tanh']), 'erf'),
    epsilon: z._default(z.number().check(z.positive()), 1e-12),
    dropout: rate,
    attentionDropout: rate,
    head: z.prefault(maskedLanguageHeadSchema, { transform: true }),
  })
  .check(
    z.refine(({ channels, heads }) => channels % heads === 0, {
      path: ['heads'],
      error: 'the heads share the channels: a divisor of channels is needed',
    }),
    z.refine(({ content, positions }) => content || positions === 'relative', {
      path: ['content'],
      error: 'without it attention sees positions alone: positions "relative" are needed',
    }),
  );

export type BertParameters = {
  readonly embedding: EmbeddingParameters;
  /** [tokens, channels] */
  readonly positions?: EmbeddingParameters;
  /** [segments, channels] */
  readonly segments?: EmbeddingParameters;
  /** Of norms after the sums. */
  readonly embeddingNorm?: LayerNormParameters;
  readonly relativePositions?: RelativePositionBiasParameters;
  readonly blocks: readonly TransformerBlockParameters[];
  /** Of norms before the branches. */
  readonly norm?: LayerNormParameters;
  readonly pooler?: DenseParameters;
};

const initialiser: Initialiser = { kind: 'truncated-normal', deviation: 0.02 };

export function bert(options: BertOptions): Module<BertParameters, TextInput> {
  const config = parseConfig('bert', bertSchema, options);
  const { vocabulary, tokens, channels, layers, heads, normPlacement, dropout } = config;
  const embed = embedding({ vocabulary, channels });
  const places = embedding({ vocabulary: tokens, channels });
  const kinds = embedding({ vocabulary: config.segments, channels });
  const relative = relativePositionBias({ heads });
  const block = transformerBlock({ ...config, initialiser });
  const norm = layerNorm(config);
  const pooler = dense({ inputs: channels, outputs: channels, initialiser });

  /** The first rows of a table, for all samples alike. */
  const rows = ({ weight }: EmbeddingParameters, length: number): Tensor =>
    tf.slice(weight as tf.Tensor2D, [0, 0], [length, channels]);

  const embedded = (params: BertParameters, { ids, segments }: TextInput): Tensor => {
    const parts = [
      embed.apply(params.embedding, ids),
      params.positions && rows(params.positions, ids.shape[1]!),
      params.segments && (segments ? kinds.apply(params.segments, segments) : rows(params.segments, 1)),
    ];
    const sum = parts.filter((part) => part !== undefined).reduce((all, part) => tf.add(all, part));
    return params.embeddingNorm ? norm.apply(params.embeddingNorm, sum) : sum;
  };

  return {
    spec: {
      embedding: embed.spec,
      ...(config.positions === 'absolute' && { positions: places.spec }),
      ...(config.segments > 0 && { segments: kinds.spec }),
      ...(normPlacement === 'post' && { embeddingNorm: norm.spec }),
      ...(config.positions === 'relative' && { relativePositions: relative.spec }),
      blocks: Array.from({ length: layers }, () => block.spec),
      ...(normPlacement === 'pre' && { norm: norm.spec }),
      ...(config.pooler && { pooler: pooler.spec }),
    },
    apply(params, input, context) {
      expectText(input, tokens);
      const { ids, mask } = input;
      const bias = addBiases([
        params.relativePositions && relative.apply(params.relativePositions, ids.shape[1]!),
        mask && paddingBias(mask),
      ]);
      let x = dropElements(embedded(params, input), dropout, contextOf(context, 'embeddings'));
      params.blocks.forEach((weights, layer) => {
        x = block.apply(weights, { x, bias }, contextOf(context, layer));
      });
      return params.norm ? norm.apply(params.norm, x) : x;
    },
  };
}

function expectText({ ids, segments, mask }: TextInput, tokens: number): void {
  const [batch, length] = ids.shape;
  if (ids.rank !== 2 || ids.dtype !== 'int32') {
    throw new GmlpError(
      'shape-mismatch',
      `bert: expected ids int32 [batch, tokens], got ${ids.dtype} [${ids.shape.join(', ')}]`,
      { shape: ids.shape, dtype: ids.dtype },
    );
  }
  if (length! > tokens) {
    throw new GmlpError(
      'shape-mismatch',
      `bert: expected sequences of at most ${tokens} tokens, got ${length}; cut them, or create the model with tokens: ${length}`,
      { expected: tokens, got: length },
    );
  }
  for (const [name, given, dtype] of [['segments', segments, 'int32'] as const, ['mask', mask, 'bool'] as const]) {
    if (given === undefined) continue;
    if (given.rank === 2 && given.shape[0] === batch && given.shape[1] === length && given.dtype === dtype) continue;
    throw new GmlpError(
      'shape-mismatch',
      `bert: expected ${name} ${dtype} [${batch}, ${length}], one for each id, got ${given.dtype} [${given.shape.join(', ')}]`,
      { name, shape: given.shape, dtype: given.dtype },
    );
  }
}
