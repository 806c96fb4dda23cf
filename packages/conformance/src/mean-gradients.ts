/** The mean loss of a batch and its gradients, as oracles give them, of what a training step computes: sums. */
import { type Key, mapTree } from '@gmlp/base';
import { type LossFunction, summedGradients } from '@gmlp/training';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export interface MeanGradients<P> {
  readonly loss: Scalar;
  readonly count: Scalar;
  readonly gradients: P;
}

export function meanGradients<P, B>(loss: LossFunction<P, B>, params: P, batch: B, key: Key): MeanGradients<P> {
  const { sum, count, gradients } = summedGradients(loss, params, batch, key);
  const scale = tf.div(1, count);
  return {
    loss: tf.mul(sum, scale),
    count,
    gradients: mapTree<Tensor, Tensor, P>(gradients, (gradient) => tf.mul(gradient, scale)) as P,
  };
}
