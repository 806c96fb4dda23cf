/**
 * Where in a text an answer begins and ends, as BERT is fine-tuned for SQuAD:
 *
 *   hidden [batch, tokens, channels] -> logits [batch, 2, tokens]: of the first token of the span, and of its last
 *
 * Labels are int32 [batch, 2]; the mean cross-entropy over both is BERT's loss. The body's parameters keep their names, so that
 * `withTrainedBody` takes them from a pretrained model.
 */
import { type DenseParameters, dense, type Module, type Spec } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
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
  readonly family: 'extractive-span';
}

/** A whole config, plain and JSON-able: what a model directory holds. */
export interface ExtractiveSpanConfig extends Named {
  readonly body: TextBodyConfig;
}

/** A config as people write it: what has a default may be left out. */
export interface ExtractiveSpanOptions extends Named {
  readonly body: TextBodyOptions;
}

export const extractiveSpanSchema: z.ZodMiniType<ExtractiveSpanConfig, ExtractiveSpanOptions> = z.strictObject({
  family: z.literal('extractive-span'),
  body: textBodySchema,
});

export type ExtractiveSpanParameters = TextBodyParameters & { readonly head: DenseParameters };

export type ExtractiveSpanModel = Module<ExtractiveSpanParameters, TextInput>;

export function extractiveSpan(options: ExtractiveSpanOptions): ExtractiveSpanModel {
  const config = parseConfig('extractiveSpan', extractiveSpanSchema, options);
  const body = textBody(config.body);
  const ends = dense({
    inputs: config.body.channels,
    outputs: 2,
    initialiser: { kind: 'truncated-normal', deviation: 0.02 },
  });
  return {
    spec: { ...body.spec, head: ends.spec } as Spec<ExtractiveSpanParameters>,
    apply: (params, text, context) => tf.transpose(ends.apply(params.head, body.apply(params, text, context)), [0, 2, 1]),
  };
}

type ExtractiveSpanFamily = Family<ExtractiveSpanConfig, ExtractiveSpanOptions, ExtractiveSpanModel>;

export const extractiveSpanFamily: ExtractiveSpanFamily = {
  schema: extractiveSpanSchema,
  create: extractiveSpan,
  inputs: ({ body }) => textBodyInputs(body),
  forward: textForward(extractiveSpan),
  counted: textForward(extractiveSpan),
};
