/**
 * gMLP for language (paper, section 4): token embedding, a stack of gMLP blocks, a final norm. No positional encoding: the
 * spatial weights know where each token is. With tiny attention in its gates it is aMLP (section 4.3).
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import type { HostArray, MapLeaves } from '@gmlp/base';
import {
  type GateForm,
  type GmlpBlockParameters,
  gmlpBlock,
  type Module,
  type Parameter,
  type SpatialWeight,
} from '@gmlp/layers';
import * as z from 'zod/mini';
import { survivalField } from './config-fields.ts';
import type { Complete, Family, Schema } from './family.ts';
import { type LanguageOptions, languageFields } from './language-config.ts';
import { type MaskedLanguageModel, maskedLanguageFamily } from './masked-language.ts';
import { parseConfig } from './parse-config.ts';
import { readingIds, type TextInput, textInputs } from './text-input.ts';
import { type TokenStackParameters, tokenStack } from './token-stack.ts';

export interface GmlpLanguageOptions extends LanguageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'gmlp-language';
  /** How the spatial projection gates: the halves of the channels, or all of them, as the paper's table 3 compares. */
  readonly gate?: GateForm | undefined;
  /** One weight a distance, or a whole matrix of them. */
  readonly spatialWeight?: SpatialWeight | undefined;
  /** Whether no token sees a later one. */
  readonly causal?: boolean | undefined;
  /** The chance of each block's branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability?: number | undefined;
  /** The paper's d_attn: channels of aMLP's tiny attention; 0 for gMLP, which has none. */
  readonly attentionChannels?: number | undefined;
  /** Whether queries, keys and values of tiny attention have a bias. */
  readonly attentionBias?: boolean | undefined;
}

export const gmlpLanguageSchema: Schema<GmlpLanguageOptions> = z
  .strictObject({
    family: z.literal('gmlp-language'),
    ...languageFields(1e-6, {}),
    gate: z._default(z.enum(['split', 'multiplicative', 'additive', 'linear']), 'split'),
    spatialWeight: z._default(z.enum(['toeplitz', 'dense']), 'toeplitz'),
    causal: z._default(z.boolean(), false),
    survivalProbability: survivalField,
    attentionChannels: z._default(z.int().check(z.nonnegative()), 0),
    attentionBias: z._default(z.boolean(), true),
  })
  .check(
    z.refine(({ gate, hiddenChannels }) => gate !== 'split' || hiddenChannels % 2 === 0, {
      path: ['hiddenChannels'],
      error: 'the split gate halves the channels: an even number is needed',
    }),
  );

export type GmlpLanguageParameters = TokenStackParameters<GmlpBlockParameters>;

export function gmlpLanguage(config: Complete<GmlpLanguageOptions>): Module<GmlpLanguageParameters, TextInput> {
  return readingIds(tokenStack('gmlpLanguage', config, gmlpBlock(config)));
}

type GmlpMaskedLanguageModel = MaskedLanguageModel<GmlpLanguageParameters>;

export const gmlpLanguageFamily: Family<GmlpLanguageOptions, GmlpMaskedLanguageModel> = maskedLanguageFamily(
  gmlpLanguageSchema,
  gmlpLanguage,
  textInputs,
  ({ causal, attentionChannels }) => ({ causal, attentionChannels }),
);

/** `createModel` for this family alone: a page that imports it loads no other. Logits [batch, chosen | tokens, vocabulary]. */
export function gmlpMaskedLanguage(options: GmlpLanguageOptions): GmlpMaskedLanguageModel {
  return gmlpLanguageFamily.create(parseConfig('gmlpMaskedLanguage', gmlpLanguageSchema, options));
}

/** A model and its weights in the host's memory, as `loadPretrained` and `readLucidrains` give them. */
export interface GmlpLanguageWeights {
  readonly config: Complete<GmlpLanguageOptions>;
  readonly params: MapLeaves<GmlpMaskedLanguageModel['spec'], Parameter, HostArray>;
}
