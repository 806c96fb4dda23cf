/** The loss of a classifier of images, mixed batches included, and how often it is right. */

import { type CreatedModel, familyOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { evaluation, type LossSum, type Objective } from '@gmlp/training';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { imageScores } from './image-scores.ts';

export interface ImageClasses {
  /** float32 `[batch, size, size, 3]` */
  readonly image: Tensor;
  /** int32 `[batch]`; -100 counts in nothing. */
  readonly labels: Tensor;
  /** The labels of what is mixed in. */
  readonly others: Tensor;
  /** What part of each image is its own. */
  readonly share: Scalar;
}

interface Part {
  readonly sum: number;
  readonly count: number;
  readonly top1: number;
  readonly top5: number;
}

/**
 * Cross-entropy against two labels, each with its share: the same as against soft labels, as the loss is linear in them.
 * Figures: `top1` and `top5`, the share of images whose class is the likeliest, or among the five likeliest. With `flip` they are of the mean of
 * the probabilities of an image and of its mirror image; the loss of training is the same.
 */
export function imageObjective(
  { config }: CreatedModel,
  labelSmoothing: number,
  { flip = false }: { readonly flip?: boolean } = {},
): Objective<unknown, ImageClasses, undefined> {
  const { apply } = familyOf(config).forward(config);
  const scores = imageScores({ apply }, flip);
  return {
    loss(params, { image, labels, others, share }, context) {
      const logits = apply(params, { image }, context);
      const own = softmaxCrossEntropy(logits, labels, { labelSmoothing });
      const other = softmaxCrossEntropy(logits, others, { labelSmoothing });
      const rest = tf.sub(1, share);
      const mixed = (of: keyof LossSum): Scalar => tf.add(tf.mul(own[of], share), tf.mul(other[of], rest));
      return { sum: mixed('sum'), count: mixed('count') };
    },
    evaluator: evaluation({
      outputs(params: unknown, { image, labels }: ImageClasses) {
        const logits = scores(params, image);
        return { ...softmaxCrossEntropy(logits, labels), logits, labels };
      },
      part({ sum, count, logits, labels }): Part {
        const classes = logits.shape[1]!;
        let [top1, top5] = [0, 0];
        for (const [row, label] of labels.data.entries()) {
          if (label < 0) continue;
          const better = placeOf(logits.data.subarray(row * classes, (row + 1) * classes), label);
          if (better < 1) top1++;
          if (better < 5) top5++;
        }
        return { sum: sum.data[0]!, count: count.data[0]!, top1, top5 };
      },
      figures(parts) {
        const total = (of: keyof Part): number => parts.reduce((all, each) => all + each[of], 0);
        const count = total('count');
        return { top1: total('top1') / count, top5: total('top5') / count, loss: total('sum') / count };
      },
    }),
  };
}

/** How many classes are likelier than the label's; equal ones of a lower number count, and what is no number is the likeliest of all. */
function placeOf(logits: ArrayLike<number>, label: number): number {
  const own = logits[label]!;
  let better = 0;
  for (let i = 0; i < logits.length; i++) {
    const other = logits[i]!;
    if (i !== label && !(other < own) && (other !== own || i < label)) better++;
  }
  return better;
}
