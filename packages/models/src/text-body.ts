/** The bodies that heads for fine-tuning stand on: any family that makes a vector of each token. */
import type { Module } from '@gmlp/layers';
import * as z from 'zod/mini';
import { type BertOptions, type BertParameters, bert, bertFamily, bertSchema } from './bert.ts';
import type { Complete, Family, ModelFacts, Schema } from './family.ts';
import {
  type GmlpLanguageOptions,
  type GmlpLanguageParameters,
  gmlpLanguage,
  gmlpLanguageFamily,
  gmlpLanguageSchema,
} from './gmlp-language.ts';
import { shown } from './parse-config.ts';
import { type TextInput, textForward } from './text-input.ts';

/** The config of the pretrained model; that of its head is kept, and not used. */
export type TextBodyOptions = BertOptions | GmlpLanguageOptions;
type TextBodyConfig = Complete<TextBodyOptions>;
export type TextBodyParameters = BertParameters | GmlpLanguageParameters;

const objects = [bertSchema, gmlpLanguageSchema] as unknown as readonly [z.ZodMiniObject, z.ZodMiniObject];

export const textBodySchema: Schema<TextBodyOptions> = z.discriminatedUnion('family', objects, {
  error: ({ code, input }) =>
    code === 'invalid_union'
      ? `expected a body of the family "bert" or "gmlp-language", got ${shown((input as { readonly family?: unknown }).family)}`
      : undefined,
}) as unknown as Schema<TextBodyOptions>;

/** text -> hidden [batch, tokens, channels] */
export function textBody(config: TextBodyConfig): Module<TextBodyParameters, TextInput> {
  const body = config.family === 'bert' ? bert(config) : gmlpLanguage(config);
  return body as Module<TextBodyParameters, TextInput>;
}

/** The row of a family that stands on such a body. */
export function textBodyFamily<Config extends { readonly body: TextBodyConfig }, Options, P>(
  schema: Schema<Options, Config>,
  create: (config: Config) => Module<P, TextInput>,
  facts: (config: Config) => Partial<ModelFacts> = () => ({}),
): Family<Options, Module<P, TextInput>, Config> {
  return {
    schema,
    create,
    inputs({ body }) {
      const inputs = body.family === 'bert' ? bertFamily.inputs(body) : gmlpLanguageFamily.inputs(body);
      return { ...inputs, ids: { ...inputs['ids']!, below: body.vocabulary } };
    },
    facts: (config) => ({
      ...(config.body.family === 'bert' ? bertFamily.facts(config.body) : gmlpLanguageFamily.facts(config.body)),
      ...facts(config),
    }),
    forward: textForward(create),
    counted: textForward(create),
  };
}
