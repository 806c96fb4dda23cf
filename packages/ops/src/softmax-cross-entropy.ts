/**
 * Softmax cross-entropy against labels, summed over the labels that count:
 *
 *   loss_i = lse(z_i) - (1 - s) z_i[label_i] - s average(z_i),   lse(z) = log sum exp z,   s = labelSmoothing
 *   dz_i = softmax(z_i) - (1 - s) onehot(label_i) - s / classes
 *
 *   logits z [..., classes], labels int32 [...] -> { sum, count }, two scalars; the mean loss is sum / max(count, 1)
 *
 * A label equal to `ignoredLabel` adds nothing to either, nor to the gradient, whatever the logits of its row are: infinities and
 * NaN too. Any other label outside of the classes is an error (counted-labels.ts). With p = softmax(z), the largest p is 1 / sum exp(z - max z), so
 * lse(z) = max(z) - log(max p): exact, and one pass fewer than a log-softmax beside the softmax that the gradient needs.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { countedLabels } from './counted-labels.ts';
import { expectArgument, expectShape } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';
import { keepRows } from './keep-rows.ts';
import { withGradient } from './with-gradient.ts';

export interface CrossEntropyOptions {
  readonly ignoredLabel?: number;
  readonly labelSmoothing?: number;
}

export interface CrossEntropy {
  /** The sum of the losses of the counted labels. */
  readonly sum: Scalar;
  /** How many labels counted, float32. It has no gradient. */
  readonly count: Scalar;
}

export function softmaxCrossEntropy(
  logits: Tensor,
  labels: Tensor,
  { ignoredLabel = -100, labelSmoothing = 0 }: CrossEntropyOptions = {},
): CrossEntropy {
  expectShape(
    logits.rank >= 1 &&
      labels.dtype === 'int32' &&
      logits.rank === labels.rank + 1 &&
      labels.shape.every((extent, axis) => extent === logits.shape[axis]),
    'softmaxCrossEntropy',
    'logits [..., classes], int32 labels [...]',
    { logits, labels },
  );
  expectArgument(labelSmoothing >= 0 && labelSmoothing < 1, 'softmaxCrossEntropy', '0 <= labelSmoothing < 1', { labelSmoothing });

  return tf.tidy(() => {
    const classes = logits.shape[logits.rank - 1]!;
    const rows = labels.size;
    const flatLabels: Tensor1D = tf.reshape(labels, [rows]);
    const { places, counted } = countedLabels('softmaxCrossEntropy', flatLabels, classes, ignoredLabel);
    const smooth = labelSmoothing / classes;

    const { shape } = logits;
    const sum = withGradient<tf.Rank.R0>([logits], () => {
      const z: Tensor2D = tf.reshape(logits, [rows, classes]);
      const attributes = { ignoredLabel, labelSmoothing };
      const fused = fusedKernel('GmlpSoftmaxCrossEntropy', { logits: z, labels: flatLabels }, attributes);
      if (fused) {
        return {
          value: tf.sum(fused[0]!) as Scalar,
          saved: [z, flatLabels, fused[1]!],
          gradients: (dy, saved) => {
            const [logits, labels, normaliser] = saved as [Tensor, Tensor, Tensor];
            const inputs = { logits, labels, normaliser, dy };
            const [dz] = fusedKernel('GmlpSoftmaxCrossEntropyGradient', inputs, attributes)!;
            return [tf.reshape(dz!, shape)];
          },
        };
      }
      const probabilities: Tensor2D = tf.softmax(z);
      const cells = labelCells(places);
      const logNormaliser = tf.sub(tf.max(z, 1), tf.log(tf.max(probabilities, 1)));
      const labelled = tf.mul(tf.gatherND(z, cells), 1 - labelSmoothing);
      const target = smooth > 0 ? tf.add(labelled, tf.mul(tf.sum(z, 1), smooth)) : labelled;
      const losses = tf.sub(logNormaliser, target);
      return {
        value: tf.sum(tf.where(counted, losses, tf.zerosLike(losses))) as Scalar,
        saved: [probabilities, cells, counted],
        gradients: (dy, saved) => {
          const [probabilities, cells, counted] = saved as [Tensor2D, Tensor2D, Tensor1D];
          const weight: Tensor1D = tf.mul(tf.cast(counted, 'float32'), dy);
          const scaled: Tensor2D = tf.mul(keepRows(probabilities, counted), dy);
          const spread: Tensor2D = smooth > 0 ? tf.sub(scaled, tf.mul(tf.reshape(weight, [rows, 1]), smooth)) : scaled;
          const atLabels = tf.sub(tf.gatherND(spread, cells), tf.mul(weight, 1 - labelSmoothing));
          return [tf.reshape(tf.tensorScatterUpdate(spread, cells, atLabels), shape)];
        },
      };
    }) as Scalar;
    const count: Scalar = tf.sum(tf.cast(counted, 'float32'));
    return { sum, count };
  });
}

/** Where each label is in the logits: [row, class], int32 [rows, 2]. */
function labelCells(places: Tensor1D): Tensor2D {
  const rows = places.size;
  const row = tf.tensor2d(
    Int32Array.from({ length: rows }, (_, index) => index),
    [rows, 1],
    'int32',
  );
  return tf.concat([row, tf.reshape(places, [rows, 1])], 1) as Tensor2D;
}
