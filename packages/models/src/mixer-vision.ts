/**
 * MLP-Mixer for images (Tolstikhin and others, 2021): patches as tokens, a stack of Mixer blocks, a final norm; for
 * classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import { type LayerNormParameters, layerNorm, type MixerBlockParameters, mixerBlock } from '@gmlp/layers';
import * as z from 'zod/mini';
import { count, epsilonField } from './config-fields.ts';
import type { Family, Schema } from './family.ts';
import { type ImageOptions, imageFields, patchesFillImage } from './image-config.ts';
import { type ImageClassifier, imageFamily, meanClassifier } from './image-family.ts';
import { type PatchStackParameters, patchStack } from './patch-stack.ts';

export interface MixerVisionOptions extends ImageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'mixer-vision';
  /** Hidden units of the MLPs over the tokens: the Mixer paper's D_S. */
  readonly tokenHidden: number;
  /** Of every layer norm. */
  readonly epsilon?: number | undefined;
}

const schema: Schema<MixerVisionOptions> = z
  .strictObject({
    family: z.literal('mixer-vision'),
    ...imageFields('equal'),
    tokenHidden: count,
    epsilon: epsilonField(1e-6),
  })
  .check(patchesFillImage);

export const mixerVisionFamily: Family<
  MixerVisionOptions,
  ImageClassifier<PatchStackParameters<MixerBlockParameters, LayerNormParameters>>
> = imageFamily(schema, (config) => meanClassifier(config, patchStack(config, mixerBlock, layerNorm(config))));
