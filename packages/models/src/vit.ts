/**
 * The Vision Transformer (Dosovitskiy and others, 2021) and DeiT (Touvron and others, 2021), which is the same model, with a
 * distillation token or without: a class token before the patches, learned positions, a stack of blocks, a final norm.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, 1 (+ 1) + tokens, channels]
 *
 * For classification a head on the class token; with a distillation token two heads, whose mean are the logits. To train with
 * a teacher, `distilledHead` gives both.
 */
import {
  contextOf,
  type DenseParameters,
  type Initialiser,
  type LayerNormParameters,
  layerNorm,
  type Module,
  parameter,
  patchEmbedding,
  patchTokens,
  type Spec,
  survivalProbabilities,
  type TransformerBlockParameters,
  transformerBlock,
} from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { count, epsilonField, headsShareChannels } from './config-fields.ts';
import type { Complete, Family, Schema } from './family.ts';
import { type DistilledHeadParameters, distilledHead } from './heads/distilled.ts';
import { imageClassificationHead } from './heads/image-classification.ts';
import { type ImageOptions, imageFields, patchesFillImage } from './image-config.ts';
import { type ImageClassifier, imageClassifier, imageFamily } from './image-family.ts';

export interface VitOptions extends ImageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'vit';
  /** Of the attention: they share the channels. */
  readonly heads: number;
  /** Of every layer norm. */
  readonly epsilon?: number | undefined;
  /** Whether there is a distillation token, with a head of its own. */
  readonly distilled?: boolean | undefined;
}

const schema: Schema<VitOptions> = z
  .strictObject({
    family: z.literal('vit'),
    ...imageFields('falling'),
    heads: count,
    epsilon: epsilonField(1e-6),
    distilled: z._default(z.boolean(), false),
  })
  .check(patchesFillImage, headsShareChannels);

type VitParameters = {
  readonly patches: DenseParameters;
  /** [channels] */
  readonly classToken: Tensor;
  /** [channels] */
  readonly distillationToken?: Tensor;
  /** [tokens, channels], those of the class and distillation tokens first. */
  readonly positions: Tensor;
  readonly blocks: readonly TransformerBlockParameters[];
  readonly norm: LayerNormParameters;
};

const initialiser: Initialiser = { kind: 'truncated-normal', deviation: 0.02 };

export function vit(config: Complete<VitOptions>): Module<VitParameters> {
  const { channels, layers, survivalProbability, survivalSpread, distilled } = config;
  const tokens = patchTokens(config) + (distilled ? 2 : 1);
  const patches = patchEmbedding(config);
  const blocks = survivalProbabilities(layers, survivalProbability, survivalSpread).map((probability) =>
    transformerBlock({ ...config, initialiser, survivalProbability: probability }),
  );
  const norm = layerNorm(config);
  const learned = (shape: readonly number[]) => parameter(shape, initialiser, { decay: false });
  const spec: Spec<VitParameters> = {
    patches: patches.spec,
    classToken: learned([channels]),
    ...(distilled && { distillationToken: learned([channels]) }),
    positions: learned([tokens, channels]),
    blocks: blocks.map((block) => block.spec),
    norm: norm.spec,
  };
  return {
    spec,
    apply(params, image, context) {
      const cut = patches.apply(params.patches, image);
      const first = params.distillationToken ? [params.classToken, params.distillationToken] : [params.classToken];
      // The first tokens are the same for all samples: they join the positions, and the patches leave room for them.
      const [leading, patchCount] = [first.length, tokens - first.length];
      const placed = tf.add(
        params.positions,
        tf.pad(tf.stack(first), [
          [0, patchCount],
          [0, 0],
        ]),
      );
      let x: Tensor = tf.add(
        tf.pad(cut, [
          [0, 0],
          [leading, 0],
          [0, 0],
        ]),
        placed,
      );
      blocks.forEach((block, layer) => {
        x = block.apply(params.blocks[layer]!, { x }, contextOf(context, layer));
      });
      return norm.apply(params.norm, x);
    },
  };
}

type VitClassifier = ImageClassifier<VitParameters, DenseParameters | DistilledHeadParameters>;

export const vitFamily: Family<VitOptions, VitClassifier> = imageFamily(schema, (config): VitClassifier => {
  const body = vit(config);
  const sizes = { ...config, ...config.head };
  const model = config.distilled
    ? imageClassifier(body, distilledHead(sizes))
    : imageClassifier(body, imageClassificationHead({ ...sizes, pooling: 'first-token' }));
  return model as VitClassifier;
});
