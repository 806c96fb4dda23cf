/**
 * MLP-Mixer for language, as the paper compares gMLP with it in table 3: token embedding, a stack of Mixer blocks (Tolstikhin
 * and others, 2021), a final norm. Its MLPs over the tokens stand where gMLP has one matrix.
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import { type MixerBlockParameters, mixerBlock } from '@gmlp/layers';
import * as z from 'zod/mini';
import { count, survivalField } from './config-fields.ts';
import type { Family, Schema } from './family.ts';
import { type LanguageOptions, languageFields } from './language-config.ts';
import { type MaskedLanguageModel, maskedLanguageFamily } from './masked-language.ts';
import { readingIds, textInputs } from './text-input.ts';
import { type TokenStackParameters, tokenStack } from './token-stack.ts';

export interface MixerLanguageOptions extends LanguageOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'mixer-language';
  /** Hidden units of the MLPs over the tokens: the Mixer paper's D_S. */
  readonly tokenHidden: number;
  /** The chance of each branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability?: number | undefined;
}

const schema: Schema<MixerLanguageOptions> = z.strictObject({
  family: z.literal('mixer-language'),
  ...languageFields(1e-6, {}),
  tokenHidden: count,
  survivalProbability: survivalField,
});

type MixerLanguageParameters = TokenStackParameters<MixerBlockParameters>;

export const mixerLanguageFamily: Family<
  MixerLanguageOptions,
  MaskedLanguageModel<MixerLanguageParameters>
> = maskedLanguageFamily(schema, (config) => readingIds(tokenStack('mixerLanguage', config, mixerBlock(config))), textInputs);
