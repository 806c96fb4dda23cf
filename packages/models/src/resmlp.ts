/**
 * ResMLP (Touvron and others, "ResMLP: Feedforward networks for image classification with data-efficient training", 2021):
 * patches as tokens, a stack of blocks without any norm, a final affine map; for classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import { type AffineParameters, affine, type ResmlpBlockParameters, resmlpBlock } from '@gmlp/layers';
import * as z from 'zod/mini';
import type { Family, Schema } from './family.ts';
import { type ImageOptions, imageFields, patchesFillImage } from './image-config.ts';
import { type ImageClassifier, imageFamily, meanClassifier } from './image-family.ts';
import { type PatchStackParameters, patchStack } from './patch-stack.ts';

export interface ResmlpOptions extends ImageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'resmlp';
  /** Where the layer scales start. When left out, by the number of blocks: 0.1 up to 18, 1e-5 up to 24, 1e-6 beyond. */
  readonly layerScale?: number | undefined;
}

/** The authors' code starts 12 blocks at 0.1, 24 at 1e-5 and 36 at 1e-6; "Going deeper" draws the same lines at 18 and 24. */
function layerScaleAt(layers: number): number {
  if (layers <= 18) return 0.1;
  return layers <= 24 ? 1e-5 : 1e-6;
}

const schema: Schema<ResmlpOptions> = z.pipe(
  z
    .strictObject({
      family: z.literal('resmlp'),
      ...imageFields('equal'),
      layerScale: z.optional(z.number().check(z.positive())),
    })
    .check(patchesFillImage),
  z.transform((config) => ({ ...config, layerScale: config.layerScale ?? layerScaleAt(config.layers) })),
);

export const resmlpFamily: Family<
  ResmlpOptions,
  ImageClassifier<PatchStackParameters<ResmlpBlockParameters, AffineParameters>>
> = imageFamily(schema, (config) => meanClassifier(config, patchStack(config, resmlpBlock, affine(config))));
