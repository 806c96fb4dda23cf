/** What a classifier says of images, alone or together with what it says of their mirror images (test-time flip). */
import { inference } from '@gmlp/layers';
import type { Forward } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Logits `[batch, classes]` of images `[batch, size, size, 3]`; with `flip` those of the mean of both probabilities. */
export function imageScores({ apply }: Pick<Forward, 'apply'>, flip: boolean): (params: unknown, image: Tensor) => Tensor {
  return (params, image) => {
    const logits = apply(params, { image }, inference);
    if (!flip) return logits;
    const mirrored = apply(params, { image: tf.reverse(image, 2) }, inference);
    const mean = tf.div(tf.add(tf.softmax(logits), tf.softmax(mirrored)), 2);
    // Logarithms of probabilities are logits. The likeliest class has at least its share of them; one of none keeps a finite loss.
    return tf.log(tf.maximum(mean, 1e-30));
  };
}
