/**
 * DeiT's two heads (Touvron and others, 2021, section 4): the class token learns from the labels, the distillation token from a
 * teacher. In use the logits are the mean of both; training with a teacher needs each.
 *
 *   hidden [batch, 2 + tokens, channels] -> classification, distillation [batch, classes]
 */
import { type DenseParameters, dense, type Layer } from '@gmlp/layers';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ImageClassificationHeadForm, tokenOf } from './image-classification.ts';

export type DistilledHeadParameters = {
  readonly classification: DenseParameters;
  readonly distillation: DenseParameters;
};

export type DistilledLogits = {
  readonly classification: Tensor;
  readonly distillation: Tensor;
};

export interface DistilledHead extends Layer<DistilledHeadParameters> {
  /** The logits of each head. */
  each(params: DistilledHeadParameters, hidden: Tensor): DistilledLogits;
}

export function distilledHead({ channels, classes }: Omit<ImageClassificationHeadForm, 'pooling'>): DistilledHead {
  const scores = dense({ inputs: channels, outputs: classes, initialiser: { kind: 'constant', value: 0 } });
  const each = (params: DistilledHeadParameters, hidden: Tensor): DistilledLogits => ({
    classification: scores.apply(params.classification, tokenOf(hidden as Tensor3D, 0)),
    distillation: scores.apply(params.distillation, tokenOf(hidden as Tensor3D, 1)),
  });
  return {
    spec: { classification: scores.spec, distillation: scores.spec },
    each,
    apply(params, hidden) {
      const { classification, distillation } = each(params, hidden);
      return tf.mul(tf.add(classification, distillation), 0.5);
    },
  };
}
