/**
 * A pretrained body alone, without a head: a vector of each token, as other models or a search by likeness use them.
 *
 *   text -> hidden [batch, tokens, channels]
 *
 * A pooler that a BERT has is kept among its parameters, and not applied: `sequence-classification` applies it.
 */
import type { Module } from '@gmlp/layers';
import * as z from 'zod/mini';
import type { Family, Schema } from './family.ts';
import { type TextBodyOptions, type TextBodyParameters, textBody, textBodyFamily, textBodySchema } from './text-body.ts';
import type { TextInput } from './text-input.ts';

export interface TextFeaturesOptions {
  readonly family: 'text-features';
  readonly body: TextBodyOptions;
}

const schema: Schema<TextFeaturesOptions> = z.strictObject({ family: z.literal('text-features'), body: textBodySchema });

export const textFeaturesFamily: Family<TextFeaturesOptions, Module<TextBodyParameters, TextInput>> = textBodyFamily(
  schema,
  ({ body }) => textBody(body),
);
