/**
 * gMLP for images (paper, section 3): patches as tokens, a stack of gMLP blocks with dense spatial weights, a final norm; for
 * classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 *
 * The paper says neither which epsilons its norms have nor how it reads the classes out: both are as in timm, whose weights
 * load. Neither does it say how stochastic depth is spread over the blocks: they survive alike, as in timm.
 */
import {
  type DenseParameters,
  type GmlpBlockParameters,
  gmlpBlock,
  type LayerNormParameters,
  layerNorm,
  type Module,
  patchEmbedding,
  patchTokens,
  survivalProbabilities,
} from '@gmlp/layers';
import * as z from 'zod/mini';
import { epsilonField } from './config-fields.ts';
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
  readonly family: 'gmlp-vision';
}

interface Choices extends ImageChoices {
  /** Of the blocks' norms and the final one. */
  readonly epsilon: number;
  /** Of the norms inside the gates. */
  readonly gateEpsilon: number;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface GmlpVisionConfig extends Sizes, Choices, ImageHead {}

/** A config as people write it: what has a default may be left out. */
export type GmlpVisionOptions = ImageOptions<Sizes, Choices>;

export const gmlpVisionSchema: z.ZodMiniType<GmlpVisionConfig, GmlpVisionOptions> = z
  .strictObject({
    family: z.literal('gmlp-vision'),
    ...imageFields('equal'),
    epsilon: epsilonField(1e-6),
    gateEpsilon: epsilonField(1e-5),
  })
  .check(
    patchesFillImage,
    z.refine(({ hiddenChannels }) => hiddenChannels % 2 === 0, {
      path: ['hiddenChannels'],
      error: 'the gate halves the channels: an even number is needed',
    }),
  );

export type GmlpVisionParameters = PatchStackParameters<GmlpBlockParameters, LayerNormParameters>;

export function gmlpVision(options: GmlpVisionOptions): Module<GmlpVisionParameters> {
  const config = parseConfig('gmlpVision', gmlpVisionSchema, options);
  const { layers, survivalProbability, survivalSpread } = config;
  const tokens = patchTokens(config);
  return patchStack({
    patches: patchEmbedding(config),
    blocks: survivalProbabilities(layers, survivalProbability, survivalSpread).map((probability) =>
      gmlpBlock({ ...config, tokens, survivalProbability: probability }),
    ),
    norm: layerNorm(config),
  });
}

export type GmlpVisionClassifierParameters = WithHead<GmlpVisionParameters, DenseParameters>;

/** The same with its head: logits [batch, classes]. */
export function gmlpImageClassifier(options: GmlpVisionOptions): Module<GmlpVisionClassifierParameters> {
  const config = parseConfig('gmlpImageClassifier', gmlpVisionSchema, options);
  return imageClassifier(gmlpVision(config), imageClassificationHead({ ...config, ...config.head, pooling: 'mean' }));
}
