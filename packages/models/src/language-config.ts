/** What the configs of all models that read tokens share. */
import type { GeluForm } from '@gmlp/ops';
import * as z from 'zod/mini';
import { activationField, count, type Defaulted, epsilonField, type Field, layersField } from './config-fields.ts';
import { type MaskedLanguageHeadOptions, maskedLanguageHeadSchema } from './heads/masked-language.ts';

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

export interface LanguageOptions extends LanguageSizes {
  /** GELU as it is defined, or its approximation by tanh. */
  readonly activation?: GeluForm | undefined;
  /** Of every layer norm. */
  readonly epsilon?: number | undefined;
  /** What makes scores for the pieces of the vectors of tokens: whether its matrix is `tied`, and it has a `transform` and a `bias`. */
  readonly head?: MaskedLanguageHeadOptions | undefined;
}

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
export function languageFields(epsilon: number, head: MaskedLanguageHeadOptions): LanguageFields {
  return {
    ...languageSizeFields,
    activation: activationField,
    epsilon: epsilonField(epsilon),
    head: z.prefault(maskedLanguageHeadSchema, head),
  };
}
