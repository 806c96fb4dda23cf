/** What the configs of all models that read tokens share. */
import type { GeluForm } from '@gmlp/ops';
import * as z from 'zod/mini';
import { activationField, count, type Defaulted, epsilonField, type Field, layersField } from './config-fields.ts';
import { type MaskedLanguageHeadConfig, maskedLanguageHeadSchema } from './heads/masked-language.ts';
import type { Optional } from './parse-config.ts';

export interface LanguageSizes {
  /** How many pieces the tokenizer has. */
  readonly vocabulary: number;
  /** The longest sequence; the only length where weights are made for each place. */
  readonly tokens: number;
  /** Channels of a token: the paper's d_model. */
  readonly channels: number;
  /** Channels inside a block: the paper's d_ffn. */
  readonly hiddenChannels: number;
  /** How many blocks: the paper's L. */
  readonly layers: number;
}

export interface LanguageChoices {
  /** GELU as it is defined, or its approximation by tanh. */
  readonly activation: GeluForm;
  /** Of every layer norm. */
  readonly epsilon: number;
}

export interface LanguageHead {
  /** What makes scores for the pieces of the vectors of tokens. */
  readonly head: MaskedLanguageHeadConfig;
}

export type LanguageOptions<Sizes, Choices> = Sizes &
  Optional<Choices> & { readonly head?: Optional<MaskedLanguageHeadConfig> | undefined };

export type LanguageSizeFields = { readonly [Name in keyof LanguageSizes]: Field<number> };

export const languageSizeFields: LanguageSizeFields = {
  vocabulary: count,
  tokens: count,
  channels: count,
  hiddenChannels: count,
  layers: layersField,
};

export interface LanguageFields extends LanguageSizeFields {
  readonly activation: Defaulted<GeluForm>;
  readonly epsilon: Defaulted<number>;
  readonly head: z.ZodMiniPrefault<typeof maskedLanguageHeadSchema>;
}

/** The fields of a schema that are the same in every family for masked language modelling, with the defaults in which they differ. */
export function languageFields(epsilon: number, head: Optional<MaskedLanguageHeadConfig>): LanguageFields {
  return {
    ...languageSizeFields,
    activation: activationField,
    epsilon: epsilonField(epsilon),
    head: z.prefault(maskedLanguageHeadSchema, head),
  };
}
