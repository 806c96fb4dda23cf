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
import type { Complete, Family, Schema } from './family.ts';
import { type TextBodyOptions, type TextBodyParameters, textBody, textBodyFamily, textBodySchema } from './text-body.ts';
import type { TextInput } from './text-input.ts';
import type { WithHead } from './with-head.ts';

export interface ExtractiveSpanOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'extractive-span';
  /** What makes a vector of each token: a `bert` or a `gmlp-language`, with its vocabulary and all other fields. */
  readonly body: TextBodyOptions;
}

const schema: Schema<ExtractiveSpanOptions> = z.strictObject({ family: z.literal('extractive-span'), body: textBodySchema });

type ExtractiveSpanParameters = WithHead<TextBodyParameters, DenseParameters>;
type ExtractiveSpanModel = Module<ExtractiveSpanParameters, TextInput>;

function extractiveSpan(config: Complete<ExtractiveSpanOptions>): ExtractiveSpanModel {
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

export const extractiveSpanFamily: Family<ExtractiveSpanOptions, ExtractiveSpanModel> = textBodyFamily(schema, extractiveSpan);
