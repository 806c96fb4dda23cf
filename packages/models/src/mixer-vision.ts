/**
 * MLP-Mixer for images (Tolstikhin and others, 2021): patches as tokens, a stack of Mixer blocks, a final norm; for
 * classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import {
  type DenseParameters,
  type LayerNormParameters,
  layerNorm,
  type MixerBlockParameters,
  type Module,
  mixerBlock,
  patchEmbedding,
  patchTokens,
  survivalProbabilities,
} from '@gmlp/layers';
import * as z from 'zod/mini';
import { count, epsilonField } from './config-fields.ts';
import { imageClassificationHead } from './heads/image-classification.ts';
import { imageClassifier } from './image-classifier.ts';
import {
  type ImageChoices,
  type ImageHead,
  type ImageOptions,
  type ImageSizes,
  imageFields,
  patchesFillImage,
} from './image-config.ts';
import { parseConfig } from './parse-config.ts';
import { type PatchStackParameters, patchStack } from './patch-stack.ts';
import type { WithHead } from './with-head.ts';

interface Sizes extends ImageSizes {
  readonly family: 'mixer-vision';
  /** Hidden units of the MLPs over the tokens: the Mixer paper's D_S. */
  readonly tokenHidden: number;
}

interface Choices extends ImageChoices {
  /** Of every layer norm. */
  readonly epsilon: number;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface MixerVisionConfig extends Sizes, Choices, ImageHead {}

/** A config as people write it: what has a default may be left out. */
export type MixerVisionOptions = ImageOptions<Sizes, Choices>;

export const mixerVisionSchema: z.ZodMiniType<MixerVisionConfig, MixerVisionOptions> = z
  .strictObject({
    family: z.literal('mixer-vision'),
    ...imageFields('equal'),
    tokenHidden: count,
    epsilon: epsilonField(1e-6),
  })
  .check(patchesFillImage);

export type MixerVisionParameters = PatchStackParameters<MixerBlockParameters, LayerNormParameters>;

export function mixerVision(options: MixerVisionOptions): Module<MixerVisionParameters> {
  const config = parseConfig('mixerVision', mixerVisionSchema, options);
  const { layers, survivalProbability, survivalSpread } = config;
  const tokens = patchTokens(config);
  return patchStack({
    patches: patchEmbedding(config),
    blocks: survivalProbabilities(layers, survivalProbability, survivalSpread).map((probability) =>
      mixerBlock({ ...config, tokens, survivalProbability: probability }),
    ),
    norm: layerNorm(config),
  });
}

export type MixerVisionClassifierParameters = WithHead<MixerVisionParameters, DenseParameters>;

/** The same with its head: logits [batch, classes]. */
export function mixerImageClassifier(options: MixerVisionOptions): Module<MixerVisionClassifierParameters> {
  const config = parseConfig('mixerImageClassifier', mixerVisionSchema, options);
  return imageClassifier(mixerVision(config), imageClassificationHead({ ...config, ...config.head, pooling: 'mean' }));
}
