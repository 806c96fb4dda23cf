/**
 * gMLP for images (paper, section 3): patches as tokens, a stack of gMLP blocks with dense spatial weights, a final norm; for
 * classification a head on the mean of the tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 *
 * The paper says neither which epsilons its norms have nor how it reads the classes out: both are as in timm, whose weights
 * load. Neither does it say how stochastic depth is spread over the blocks: they survive alike, as in timm.
 */
import { type GmlpBlockParameters, gmlpBlock, type LayerNormParameters, layerNorm } from '@gmlp/layers';
import * as z from 'zod/mini';
import { epsilonField } from './config-fields.ts';
import type { Family, Schema } from './family.ts';
import { type ImageOptions, imageFields, patchesFillImage } from './image-config.ts';
import { type ImageClassifier, imageFamily, meanClassifier } from './image-family.ts';
import { parseConfig } from './parse-config.ts';
import { type PatchStackParameters, patchStack } from './patch-stack.ts';

export interface GmlpVisionOptions extends ImageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'gmlp-vision';
  /** Of the blocks' norms and the final one. */
  readonly epsilon?: number | undefined;
  /** Of the norms inside the gates. */
  readonly gateEpsilon?: number | undefined;
}

const schema: Schema<GmlpVisionOptions> = z
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

type GmlpImageClassifier = ImageClassifier<PatchStackParameters<GmlpBlockParameters, LayerNormParameters>>;

export const gmlpVisionFamily: Family<GmlpVisionOptions, GmlpImageClassifier> = imageFamily(schema, (config) =>
  meanClassifier(config, patchStack(config, gmlpBlock, layerNorm(config))),
);

/** `createModel` for this family alone: a page that imports it loads no other. Logits [batch, classes]. */
export function gmlpImageClassifier(options: GmlpVisionOptions): GmlpImageClassifier {
  return gmlpVisionFamily.create(parseConfig('gmlpImageClassifier', schema, options));
}
