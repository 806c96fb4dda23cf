/**
 * Scores for the classes of an image, from one vector of it:
 *
 *   hidden [batch, tokens, channels] -> pooled [batch, channels] -> logits [batch, classes] = pooled W + b
 *
 * pooled is the mean of all tokens, or the first token where the body has one for the class. W starts as zero: all classes are
 * equally likely.
 */
import { type DenseParameters, dense, type Layer } from '@gmlp/layers';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import type { Complete, Schema } from '../family.ts';

export interface ImageClassificationHeadOptions {
  readonly classes?: number | undefined;
}

export const imageClassificationHeadSchema: Schema<ImageClassificationHeadOptions> = z.strictObject({
  classes: z._default(z.int().check(z.positive()), 1000),
});

export interface ImageClassificationHeadForm extends Complete<ImageClassificationHeadOptions> {
  readonly channels: number;
  readonly pooling: 'mean' | 'first-token';
}

export function imageClassificationHead({ channels, classes, pooling }: ImageClassificationHeadForm): Layer<DenseParameters> {
  const scores = dense({ inputs: channels, outputs: classes, initialiser: { kind: 'constant', value: 0 } });
  return {
    spec: scores.spec,
    apply: (params, hidden) => scores.apply(params, pooling === 'mean' ? tf.mean(hidden, 1) : tokenOf(hidden as Tensor3D, 0)),
  };
}

/** One token of each sample: [batch, tokens, channels] -> [batch, channels]. */
export function tokenOf(hidden: Tensor3D, index: number): Tensor {
  const [batch, , channels] = hidden.shape;
  return tf.reshape(tf.slice(hidden, [0, index, 0], [batch, 1, channels]), [batch, channels]);
}
