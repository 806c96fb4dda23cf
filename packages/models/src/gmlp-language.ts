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
  type Spec,
} from '@gmlp/layers';
import * as z from 'zod/mini';
import { survivalField } from './config-fields.ts';
import type { Family } from './family.ts';
import type { MaskedLanguageHeadParameters } from './heads/masked-language.ts';
import {
  type LanguageChoices,
  type LanguageHead,
  type LanguageOptions,
  type LanguageSizes,
  languageFields,
} from './language-config.ts';
import { type MaskedLanguageModel, maskedLanguageFamily, maskedLanguageModel } from './masked-language.ts';
import { parseConfig } from './parse-config.ts';
import { readingIds, textInputs } from './text-input.ts';
import { type TokenStackParameters, tokenStack } from './token-stack.ts';
import type { WithHead } from './with-head.ts';

interface Sizes extends LanguageSizes {
  /** Names the schema that the config has to fit. */
  readonly family: 'gmlp-language';
}

interface Choices extends LanguageChoices {
  /** How the spatial projection gates: the halves of the channels, or all of them, as the paper's table 3 compares. */
  readonly gate: GateForm;
  /** One weight a distance, or a whole matrix of them. */
  readonly spatialWeight: SpatialWeight;
  /** Whether no token sees a later one. */
  readonly causal: boolean;
  /** The chance of each block's branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability: number;
  /** The paper's d_attn: channels of aMLP's tiny attention; 0 for gMLP, which has none. */
  readonly attentionChannels: number;
  /** Whether queries, keys and values of tiny attention have a bias. */
  readonly attentionBias: boolean;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface GmlpLanguageConfig extends Sizes, Choices, LanguageHead {}

/** A config as people write it: what has a default may be left out. */
export type GmlpLanguageOptions = LanguageOptions<Sizes, Choices>;

export const gmlpLanguageSchema: z.ZodMiniType<GmlpLanguageConfig, GmlpLanguageOptions> = z
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

export function gmlpLanguage(options: GmlpLanguageOptions): Module<GmlpLanguageParameters> {
  const config = parseConfig('gmlpLanguage', gmlpLanguageSchema, options);
  return tokenStack('gmlpLanguage', config, gmlpBlock(config));
}

export type GmlpMaskedLanguageModel = MaskedLanguageModel<GmlpLanguageParameters>;
export type GmlpMaskedLanguageParameters = WithHead<GmlpLanguageParameters, MaskedLanguageHeadParameters>;

/** A model and its weights in the host's memory, as `loadPretrained` and `readLucidrains` give them. */
export interface GmlpLanguageWeights {
  readonly config: GmlpLanguageConfig;
  readonly params: MapLeaves<Spec<GmlpMaskedLanguageParameters>, Parameter, HostArray>;
}

/** The same with its head: logits [batch, chosen | tokens, vocabulary]. */
export function gmlpMaskedLanguage(options: GmlpLanguageOptions): GmlpMaskedLanguageModel {
  const config = parseConfig('gmlpMaskedLanguage', gmlpLanguageSchema, options);
  return maskedLanguageModel(readingIds(gmlpLanguage(config)), config);
}

export const gmlpMaskedLanguageFamily: Family<GmlpLanguageConfig, GmlpLanguageOptions, GmlpMaskedLanguageModel> =
  maskedLanguageFamily(gmlpLanguageSchema, (config) => readingIds(gmlpLanguage(config)), textInputs);
