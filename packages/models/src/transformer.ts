/**
 * The Transformer of "Attention Is All You Need" (Vaswani and others, 2017): an encoder reads the source, a decoder writes the
 * target one token after the other, looking at what it wrote and at the encoder's output. Norms stand after the sums (section
 * 5.4), positions are sinusoids (3.5), and one table is both embeddings, times sqrt(channels), and the output (3.4).
 *
 *   encode: source int32 [batch, keys] -> memory [batch, keys, channels]
 *   decode: target int32 [batch, tokens], memory, source -> logits [batch, tokens, vocabulary]
 *
 * The logits at a token are scores for the next: in training the target begins with a token of its own, and the labels are the
 * target one place further. Source tokens equal to `padding` are not looked at. No mask is needed for padding behind a target: no
 * token looks at a later one, and its labels are ignored. As in most implementations the maps to queries, keys and
 * values have biases.
 */
import {
  type Context,
  causalBias,
  contextOf,
  dropout as dropElements,
  type EmbeddingParameters,
  embedding,
  type Module,
  paddingBias,
  sinusoidalPositions,
  type TransformerBlockParameters,
  type TransformerDecoderBlockParameters,
  transformerBlock,
  transformerDecoderBlock,
} from '@gmlp/layers';
import { gatherPositions } from '@gmlp/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { count, epsilonField, headsShareChannels, rateField } from './config-fields.ts';
import { expectIds } from './expect-ids.ts';
import type { Complete, Family, Forward, Schema } from './family.ts';
import { type LanguageSizes, languageSizeFields } from './language-config.ts';

/** Source and target share the vocabulary and the longest length. */
export interface TransformerOptions extends LanguageSizes {
  /** Names the schema that the config has to fit. */
  readonly family: 'transformer';
  /** Of every attention: they share the channels. */
  readonly heads: number;
  /** How many blocks the encoder has, and how many the decoder: the paper's N. */
  readonly layers: number;
  /** The id that fills a source up. */
  readonly padding?: number | undefined;
  /** Of the embeddings and of each branch's output, in training: the paper's P_drop. */
  readonly dropout?: number | undefined;
  /** Of every layer norm. */
  readonly epsilon?: number | undefined;
}

const schema: Schema<TransformerOptions> = z
  .strictObject({
    family: z.literal('transformer'),
    ...languageSizeFields,
    heads: count,
    padding: z._default(z.int().check(z.nonnegative()), 0),
    dropout: rateField,
    epsilon: epsilonField(1e-6),
  })
  .check(
    headsShareChannels,
    z.refine(({ padding, vocabulary }) => padding < vocabulary, {
      path: ['padding'],
      error: 'padding is a piece of the vocabulary: an id below it is needed',
    }),
  );

type TransformerParameters = {
  /** Of source, target and output. */
  readonly embedding: EmbeddingParameters;
  readonly encoder: readonly TransformerBlockParameters[];
  readonly decoder: readonly TransformerDecoderBlockParameters[];
};

interface TransformerInput {
  /** int32 [batch, keys] */
  readonly source: Tensor;
  /** int32 [batch, tokens], the first the token that begins every target. */
  readonly target: Tensor;
}

interface DecoderInput extends TransformerInput {
  /** What `encode` made of the source. */
  readonly memory: Tensor;
  /** int32 [batch, chosen]: where logits are wanted; at all tokens when left out. */
  readonly positions?: Tensor | undefined;
}

/** `apply` is `encode`, then `decode`. */
export interface TransformerModel extends Module<TransformerParameters, TransformerInput> {
  encode(params: TransformerParameters, source: Tensor, context: Context): Tensor;
  decode(params: TransformerParameters, input: DecoderInput, context: Context): Tensor;
}

function transformer(config: Complete<TransformerOptions>): TransformerModel {
  const { vocabulary, tokens, channels, layers, padding, dropout } = config;
  const embed = embedding({ vocabulary, channels, deviation: channels ** -0.5 });
  const form = { ...config, normPlacement: 'post', activation: 'relu' } as const;
  const encoderBlock = transformerBlock(form);
  const decoderBlock = transformerDecoderBlock(form);

  const placed = (params: TransformerParameters, ids: Tensor, name: string, context: Context): Tensor => {
    expectIds(ids, { source: 'transformer', name, tokens, length: 'at-most' });
    const vectors = tf.mul(embed.apply(params.embedding, ids), Math.sqrt(channels));
    const sum = tf.add(vectors, sinusoidalPositions(ids.shape[1]!, channels));
    return dropElements(sum, dropout, contextOf(context, name));
  };
  const counted = (source: Tensor): Tensor => paddingBias(tf.notEqual(source, tf.scalar(padding, 'int32')));

  function encode(params: TransformerParameters, source: Tensor, context: Context): Tensor {
    const bias = counted(source);
    const own = contextOf(context, 'encoder');
    let x = placed(params, source, 'source', context);
    params.encoder.forEach((weights, layer) => {
      x = encoderBlock.apply(weights, { x, bias }, contextOf(own, layer));
    });
    return x;
  }

  function decode(params: TransformerParameters, { target, memory, source, positions }: DecoderInput, context: Context): Tensor {
    const own = contextOf(context, 'decoder');
    let x = placed(params, target, 'target', context);
    const [bias, memoryBias] = [causalBias(target.shape[1]!), counted(source)];
    params.decoder.forEach((weights, layer) => {
      x = decoderBlock.apply(weights, { x, memory, bias, memoryBias }, contextOf(own, layer));
    });
    return embed.logits(params.embedding, positions ? gatherPositions(x as Tensor3D, positions as Tensor2D) : x);
  }

  return {
    spec: {
      embedding: embed.spec,
      encoder: Array.from({ length: layers }, () => encoderBlock.spec),
      decoder: Array.from({ length: layers }, () => decoderBlock.spec),
    },
    apply: (params, { source, target }, context) =>
      decode(params, { source, target, memory: encode(params, source, context) }, context),
    encode,
    decode,
  };
}

export const transformerFamily: Family<TransformerOptions, TransformerModel> = {
  schema,
  create: transformer,
  inputs: ({ tokens }) => ({
    source: { dtype: 'int32', shape: ['batch', tokens] },
    target: { dtype: 'int32', shape: ['batch', tokens] },
  }),
  // The encoder's tokens see all of the source: what is written alone is causal.
  facts: ({ layers, tokens, channels, hiddenChannels }) => ({
    layers,
    tokens,
    channels,
    hiddenChannels,
    causal: false,
    attentionChannels: 0,
  }),
  forward,
  counted: forward,
};

function forward(config: Complete<TransformerOptions>): Forward {
  const { spec, apply } = transformer(config);
  return {
    spec,
    apply: (params, { source, target }, context) =>
      apply(params as TransformerParameters, { source: source!, target: target! }, context),
  };
}
