/**
 * One training step as two compiled functions, so that what belongs between them (accumulation, clipping, exchange with
 * other machines) can stand there:
 *
 *   lossAndGradients(params, batch, key) -> { loss, count, gradients }     loss = sum of losses / count, and its gradients
 *   update(params, state, gradients, rate) -> { params, state }           consumes params and state
 */
import { GmlpError, isKey, type Key, leavesOf, withLeaves } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The sum of the losses of a batch and how many there were, as `softmaxCrossEntropy` gives them. */
export interface LossSum {
  readonly sum: Scalar;
  readonly count: Scalar;
}

/** The losses of a batch: a pure function of trees of tensors and a key. */
export type LossFunction<P, B> = (params: P, batch: B, key: Key) => LossSum;

export interface LossAndGradients<P> {
  /** The mean loss. */
  readonly loss: Scalar;
  readonly count: Scalar;
  readonly gradients: P;
}

export interface Optimiser<P, S> {
  init(params: P): S;
  update(params: P, state: S, gradients: P, rate: Scalar): { params: P; state: S };
}

export interface TrainingStep<P, S, B> {
  initialState(params: P): Promise<S>;
  lossAndGradients(params: P, batch: B, key: Key): Promise<LossAndGradients<P>>;
  update(params: P, state: S, gradients: P, rate: Scalar): Promise<{ params: P; state: S }>;
}

/** The mean loss and its gradients; a parameter that the loss does not depend on has the gradient zero. */
export function lossAndGradients<P, B>(loss: LossFunction<P, B>, params: P, batch: B, key: Key): LossAndGradients<P> {
  const leaves = leavesOf<Tensor>(params);
  if (leaves.length === 0) throw new GmlpError('invalid-argument', 'lossAndGradients: the tree of parameters has no leaves');
  let counted: Scalar | undefined;
  // tf.valueAndGrads, without its error for parameters that the loss does not depend on.
  const { value, grads } = tf.engine().gradients<Scalar>(() => {
    const { sum, count } = loss(params, batch, key);
    counted = tf.keep(tf.clone(count)); // outlives the tidy of gradients; below it becomes the caller's like the rest
    return tf.div(sum, tf.maximum(count, tf.scalar(1)));
  }, leaves);
  const kept = counted!;
  const count: Scalar = tf.clone(kept);
  kept.dispose();
  const gradients = leaves.map((leaf, index) => (grads as (Tensor | null | undefined)[])[index] ?? tf.zerosLike(leaf));
  return { loss: value, count, gradients: withLeaves<Tensor, Tensor, P>(params, gradients) as P };
}

export function trainingStep<P, S, B>(
  device: Device,
  { loss, optimiser }: { readonly loss: LossFunction<P, B>; readonly optimiser: Optimiser<P, S> },
): TrainingStep<P, S, B> {
  return {
    initialState: device.compile((params: P) => optimiser.init(params)),
    lossAndGradients: device.compile((params: P, batch: B, key: Key) => lossAndGradients(loss, params, batch, key)),
    update: device.compile(
      (params: P, state: S, gradients: P, rate: Scalar) => optimiser.update(params, state, gradients, rate),
      { donate: [0, 1] },
    ),
  };
}

/** Frees the tensors of a tree; keys stay as they are. */
export function disposeTree(tree: unknown): void {
  for (const leaf of leavesOf<unknown>(tree)) {
    if (!isKey(leaf) && leaf instanceof tf.Tensor && !leaf.isDisposed) leaf.dispose();
  }
}
