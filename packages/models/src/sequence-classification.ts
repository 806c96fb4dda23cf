/**
 * A class for a text or a pair of texts, from its first token, as BERT is fine-tuned for GLUE:
 *
 *   hidden [batch, tokens, channels] -> pooled [batch, channels] = tanh(first Wp + bp) -> logits [batch, classes] = pooled W + b
 *
 * Without the pooler the first token itself is scored. A model with one class is a regression. The body's parameters keep
 * their names, so that `withTrainedBody` takes them from a pretrained model.
 */
import {
  contextOf,
  type DenseParameters,
  dense,
  dropout as dropElements,
  type Initialiser,
  type Module,
  type Spec,
} from '@gmlp/layers';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import { count, rateField } from './config-fields.ts';
import type { Complete, Family, Schema } from './family.ts';
import { tokenOf } from './heads/image-classification.ts';
import { type TextBodyOptions, type TextBodyParameters, textBody, textBodyFamily, textBodySchema } from './text-body.ts';
import type { TextInput } from './text-input.ts';
import type { WithHead } from './with-head.ts';

export interface SequenceClassificationOptions {
  /** Names the schema that the config has to fit. */
  readonly family: 'sequence-classification';
  /** What makes a vector of each token: a `bert` or a `gmlp-language`, with its vocabulary and all other fields. */
  readonly body: TextBodyOptions;
  /** How many are told apart. */
  readonly classes: number;
  /** Whether BERT's dense map and tanh come before the scores. A pooler that the body has is this one. */
  readonly pooler?: boolean | undefined;
  /** Of what is scored, in training. */
  readonly dropout?: number | undefined;
}

const schema: Schema<SequenceClassificationOptions> = z.strictObject({
  family: z.literal('sequence-classification'),
  body: textBodySchema,
  classes: count,
  pooler: z._default(z.boolean(), true),
  dropout: rateField,
});

type SequenceClassificationParameters = WithHead<TextBodyParameters, DenseParameters> & { readonly pooler?: DenseParameters };
type SequenceClassificationModel = Module<SequenceClassificationParameters, TextInput>;

const initialiser: Initialiser = { kind: 'truncated-normal', deviation: 0.02 };

function sequenceClassification(config: Complete<SequenceClassificationOptions>): SequenceClassificationModel {
  const { channels } = config.body;
  const body = textBody(config.body);
  const pooler = dense({ inputs: channels, outputs: channels, initialiser });
  const scores = dense({ inputs: channels, outputs: config.classes, initialiser });
  return {
    spec: {
      ...body.spec,
      ...(config.pooler && { pooler: pooler.spec }),
      head: scores.spec,
    } as Spec<SequenceClassificationParameters>,
    apply(params, text, context) {
      const first = tokenOf(body.apply(params, text, context) as Tensor3D, 0);
      const pooled = config.pooler ? tf.tanh(pooler.apply(params.pooler!, first)) : first;
      return scores.apply(params.head, dropElements(pooled, config.dropout, contextOf(context, 'head')));
    },
  };
}

export const sequenceClassificationFamily: Family<SequenceClassificationOptions, SequenceClassificationModel> = textBodyFamily(
  schema,
  sequenceClassification,
  ({ classes }) => ({ classes }),
);
