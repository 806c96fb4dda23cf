/**
 * A pretrained body alone, without a head: a vector of each token, as other models or a search by likeness use them.
 *
 *   text -> hidden [batch, tokens, channels]
 *
 * A pooler that a BERT has is kept among its parameters, and not applied: `sequence-classification` applies it.
 */
import type { Module } from '@gmlp/layers';
import * as z from 'zod/mini';
import type { Family } from './family.ts';
import { parseConfig } from './parse-config.ts';
import {
  type TextBodyConfig,
  type TextBodyOptions,
  type TextBodyParameters,
  textBody,
  textBodyInputs,
  textBodySchema,
} from './text-body.ts';
import { type TextInput, textForward } from './text-input.ts';

interface Named {
  readonly family: 'text-features';
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface TextFeaturesConfig extends Named {
  readonly body: TextBodyConfig;
}

/** A config as people write it: what has a default may be left out. */
export interface TextFeaturesOptions extends Named {
  readonly body: TextBodyOptions;
}

export const textFeaturesSchema: z.ZodMiniType<TextFeaturesConfig, TextFeaturesOptions> = z.strictObject({
  family: z.literal('text-features'),
  body: textBodySchema,
});

export type TextFeaturesModel = Module<TextBodyParameters, TextInput>;

export function textFeatures(options: TextFeaturesOptions): TextFeaturesModel {
  return textBody(parseConfig('textFeatures', textFeaturesSchema, options).body);
}

export const textFeaturesFamily: Family<TextFeaturesConfig, TextFeaturesOptions, TextFeaturesModel> = {
  schema: textFeaturesSchema,
  create: textFeatures,
  inputs: ({ body }) => textBodyInputs(body),
  forward: textForward(textFeatures),
  counted: textForward(textFeatures),
};
