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
import type { HostArray, MapLeaves } from '@gmlp/base';
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
  type Parameter,
  paddingBias,
  type RelativePositionBiasParameters,
  relativePositionBias,
  type TransformerBlockParameters,
  transformerBlock,
} from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { count, headsShareChannels, rateField } from './config-fields.ts';
import { expectIds, expectLikeIds } from './expect-ids.ts';
import type { Complete, Family, Schema } from './family.ts';
import { type LanguageOptions, languageFields } from './language-config.ts';
import { type MaskedLanguageModel, maskedLanguageFamily } from './masked-language.ts';
import { maskedTextInputs, type TextInput } from './text-input.ts';

export interface BertOptions extends LanguageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'bert';
  /** Of the attention: they share the channels. */
  readonly heads: number;
  /** A learned vector for each place, or a score for each distance of two tokens. */
  readonly positions?: 'absolute' | 'relative' | undefined;
  /** Whether attention depends on what the tokens are; without it on their distance alone. */
  readonly content?: boolean | undefined;
  /** After each sum (`post`), as in BERT, or before each branch (`pre`). */
  readonly normPlacement?: NormPlacement | undefined;
  /** How many kinds of segments there are: 2 for pairs of sentences, 0 for no embedding of them. */
  readonly segments?: number | undefined;
  /** Whether BERT's pooler, a dense map of the first token, belongs to the body. Classification uses it, masked language modelling does not. */
  readonly pooler?: boolean | undefined;
  /** Of the embeddings and of each branch's output, in training. */
  readonly dropout?: number | undefined;
  /** Of the attention's weights, in training. */
  readonly attentionDropout?: number | undefined;
}

export const bertSchema: Schema<BertOptions> = z
  .strictObject({
    family: z.literal('bert'),
    ...languageFields(1e-12, { transform: true }),
    heads: count,
    positions: z._default(z.enum(['absolute', 'relative']), 'absolute'),
    content: z._default(z.boolean(), true),
    normPlacement: z._default(z.enum(['pre', 'post']), 'post'),
    segments: z._default(z.int().check(z.nonnegative()), 0),
    pooler: z._default(z.boolean(), false),
    dropout: rateField,
    attentionDropout: rateField,
  })
  .check(
    headsShareChannels,
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

export function bert(config: Complete<BertOptions>): Module<BertParameters, TextInput> {
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
  expectIds(ids, { source: 'bert', name: 'ids', tokens, length: 'at-most' });
  if (segments) expectLikeIds(segments, { source: 'bert', name: 'segments', ids, dtype: 'int32' });
  if (mask) expectLikeIds(mask, { source: 'bert', name: 'mask', ids, dtype: 'bool' });
}

type BertMaskedLanguageModel = MaskedLanguageModel<BertParameters>;

export const bertFamily: Family<BertOptions, BertMaskedLanguageModel> = maskedLanguageFamily(bertSchema, bert, maskedTextInputs);

/** A model and its weights in the host's memory, as `loadPretrained` gives them. */
export interface BertWeights {
  readonly config: Complete<BertOptions>;
  readonly params: MapLeaves<BertMaskedLanguageModel['spec'], Parameter, HostArray>;
}
