/**
 * MLP-Mixer for language, as the paper compares gMLP with it in table 3: token embedding, a stack of Mixer blocks (Tolstikhin
 * and others, 2021), a final norm. Its MLPs over the tokens stand where gMLP has one matrix.
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import { type MixerBlockParameters, type Module, mixerBlock } from '@gmlp/layers';
import * as z from 'zod/mini';
import { count, survivalField } from './config-fields.ts';
import type { Family } from './family.ts';
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

interface Sizes extends LanguageSizes {
  /** Names the schema that the config has to fit. */
  readonly family: 'mixer-language';
  /** Hidden units of the MLPs over the tokens: the Mixer paper's D_S. */
  readonly tokenHidden: number;
}

interface Choices extends LanguageChoices {
  /** The chance of each branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability: number;
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface MixerLanguageConfig extends Sizes, Choices, LanguageHead {}

/** A config as people write it: what has a default may be left out. */
export type MixerLanguageOptions = LanguageOptions<Sizes, Choices>;

export const mixerLanguageSchema: z.ZodMiniType<MixerLanguageConfig, MixerLanguageOptions> = z.strictObject({
  family: z.literal('mixer-language'),
  ...languageFields(1e-6, {}),
  tokenHidden: count,
  survivalProbability: survivalField,
});

export type MixerLanguageParameters = TokenStackParameters<MixerBlockParameters>;

export function mixerLanguage(options: MixerLanguageOptions): Module<MixerLanguageParameters> {
  const config = parseConfig('mixerLanguage', mixerLanguageSchema, options);
  return tokenStack('mixerLanguage', config, mixerBlock(config));
}

export type MixerMaskedLanguageModel = MaskedLanguageModel<MixerLanguageParameters>;

/** The same with its head: logits [batch, chosen | tokens, vocabulary]. */
export function mixerMaskedLanguage(options: MixerLanguageOptions): MixerMaskedLanguageModel {
  const config = parseConfig('mixerMaskedLanguage', mixerLanguageSchema, options);
  return maskedLanguageModel(readingIds(mixerLanguage(config)), config);
}

export const mixerMaskedLanguageFamily: Family<MixerLanguageConfig, MixerLanguageOptions, MixerMaskedLanguageModel> =
  maskedLanguageFamily(mixerLanguageSchema, (config) => readingIds(mixerLanguage(config)), textInputs);
