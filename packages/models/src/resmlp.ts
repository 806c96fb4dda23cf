/**
 * ResMLP (Touvron and others, "ResMLP: Feedforward networks for image classification with data-efficient training", 2021):
 * patches as tokens, a stack of blocks without any norm, a final affine map; for classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import {
  type AffineParameters,
  affine,
  type DenseParameters,
  type Module,
  patchEmbedding,
  patchTokens,
  type ResmlpBlockParameters,
  resmlpBlock,
  survivalProbabilities,
} from '@gmlp/layers';
import * as z from 'zod/mini';
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
  readonly family: 'resmlp';
}

interface Choices extends ImageChoices {
  /** Where the layer scales start. When left out, by the number of blocks: 0.1 up to 18, 1e-5 up to 24, 1e-6 beyond. */
  readonly layerScale: number;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface ResmlpConfig extends Sizes, Choices, ImageHead {}

/** A config as people write it: what has a default may be left out. */
export type ResmlpOptions = ImageOptions<Sizes, Choices>;

/** The authors' code starts 12 blocks at 0.1, 24 at 1e-5 and 36 at 1e-6; "Going deeper" draws the same lines at 18 and 24. */
function layerScaleAt(layers: number): number {
  if (layers <= 18) return 0.1;
  return layers <= 24 ? 1e-5 : 1e-6;
}

export const resmlpSchema: z.ZodMiniType<ResmlpConfig, ResmlpOptions> = z.pipe(
  z
    .strictObject({
      family: z.literal('resmlp'),
      ...imageFields('equal'),
      layerScale: z.optional(z.number().check(z.positive())),
    })
    .check(patchesFillImage),
  z.transform((config) => ({ ...config, layerScale: config.layerScale ?? layerScaleAt(config.layers) })),
);

export type ResmlpParameters = PatchStackParameters<ResmlpBlockParameters, AffineParameters>;

export function resmlp(options: ResmlpOptions): Module<ResmlpParameters> {
  const config = parseConfig('resmlp', resmlpSchema, options);
  const { layers, survivalProbability, survivalSpread } = config;
  const tokens = patchTokens(config);
  return patchStack({
    patches: patchEmbedding(config),
    blocks: survivalProbabilities(layers, survivalProbability, survivalSpread).map((probability) =>
      resmlpBlock({ ...config, tokens, survivalProbability: probability }),
    ),
    norm: affine(config),
  });
}

export type ResmlpClassifierParameters = WithHead<ResmlpParameters, DenseParameters>;

/** The same with its head: logits [batch, classes]. */
export function resmlpImageClassifier(options: ResmlpOptions): Module<ResmlpClassifierParameters> {
  const config = parseConfig('resmlpImageClassifier', resmlpSchema, options);
  return imageClassifier(resmlp(config), imageClassificationHead({ ...config, ...config.head, pooling: 'mean' }));
}
