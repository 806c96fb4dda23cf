/**
 * gMLP for images (paper, section 3): patches as tokens, a stack of gMLP blocks with dense spatial weights, a final norm; for
 * classification a head on the mean of the tokens. With tiny attention in its gates it is aMLP (section 4.3), as for language: the
 * paper trains none on images.
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
  /** The paper's d_attn: channels of aMLP's tiny attention; 0 for gMLP, which has none. */
  readonly attentionChannels?: number | undefined;
  /** Whether queries, keys and values of tiny attention have a bias. */
  readonly attentionBias?: boolean | undefined;
}

const schema: Schema<GmlpVisionOptions> = z
  .strictObject({
    family: z.literal('gmlp-vision'),
    ...imageFields('equal'),
    epsilon: epsilonField(1e-6),
    gateEpsilon: epsilonField(1e-5),
    attentionChannels: z._default(z.int().check(z.nonnegative()), 0),
    attentionBias: z._default(z.boolean(), true),
  })
  .check(
    patchesFillImage,
    z.refine(({ hiddenChannels }) => hiddenChannels % 2 === 0, {
      path: ['hiddenChannels'],
      error: 'the gate halves the channels: an even number is needed',
    }),
  );

type GmlpImageClassifier = ImageClassifier<PatchStackParameters<GmlpBlockParameters, LayerNormParameters>>;

export const gmlpVisionFamily: Family<GmlpVisionOptions, GmlpImageClassifier> = imageFamily(
  schema,
  (config) => meanClassifier(config, patchStack(config, gmlpBlock, layerNorm(config))),
  ({ attentionChannels }) => ({ attentionChannels }),
);

/** `createModel` for this family alone: a page that imports it loads no other. Logits [batch, classes]. */
export function gmlpImageClassifier(options: GmlpVisionOptions): GmlpImageClassifier {
  return gmlpVisionFamily.create(parseConfig('gmlpImageClassifier', schema, options));
}
