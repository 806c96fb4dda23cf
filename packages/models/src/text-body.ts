/** The bodies that heads for fine-tuning stand on: any family that makes a vector of each token. */
import type { Module } from '@gmlp/layers';
import * as z from 'zod/mini';
import { type BertConfig, type BertOptions, type BertParameters, bert, bertSchema } from './bert.ts';
import type { InputDescriptions } from './family.ts';
import {
  type GmlpLanguageConfig,
  type GmlpLanguageOptions,
  type GmlpLanguageParameters,
  gmlpLanguage,
  gmlpLanguageSchema,
} from './gmlp-language.ts';
import { shown } from './parse-config.ts';
import { maskedTextInputs, readingIds, type TextInput } from './text-input.ts';

/** The config of the pretrained model; that of its head is kept, and not used. */
export type TextBodyConfig = BertConfig | GmlpLanguageConfig;
export type TextBodyOptions = BertOptions | GmlpLanguageOptions;
export type TextBodyParameters = BertParameters | GmlpLanguageParameters;

const objects = [bertSchema, gmlpLanguageSchema] as unknown as readonly [z.ZodMiniObject, z.ZodMiniObject];

export const textBodySchema: z.ZodMiniType<TextBodyConfig, TextBodyOptions> = z.discriminatedUnion('family', objects, {
  error: ({ code, input }) =>
    code === 'invalid_union'
      ? `expected a body of the family "bert" or "gmlp-language", got ${shown((input as { readonly family?: unknown }).family)}`
      : undefined,
}) as unknown as z.ZodMiniType<TextBodyConfig, TextBodyOptions>;

/** text -> hidden [batch, tokens, channels] */
export function textBody(config: TextBodyConfig): Module<TextBodyParameters, TextInput> {
  if (config.family === 'bert') return bert(config) as Module<TextBodyParameters, TextInput>;
  return readingIds(gmlpLanguage(config)) as Module<TextBodyParameters, TextInput>;
}

export function textBodyInputs(config: TextBodyConfig): InputDescriptions {
  const { vocabulary: below, tokens } = config;
  const ids = { dtype: 'int32', shape: ['batch', tokens], below } as const;
  return config.family === 'bert' ? { ...maskedTextInputs(config), ids } : { ids };
}
