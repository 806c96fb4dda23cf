/**
 * One training step as two compiled functions, so that what belongs between them (accumulation, clipping, exchange with
 * other machines) can stand there:
 *
 *   lossAndGradients(params, batch, key) -> { loss, count, gradients }     loss = sum of losses / count, and its gradients
 *   update(params, state, gradients, rate) -> { params, state }           consumes params and state
 *
 * What stands between them costs nothing until it is called: `combine` makes two micro-batches one, `average` keeps the
 * running average of the parameters, `gradientSum` is a number exactly if all gradients are.
 */
import { GmlpError, isKey, type Key, leavesOf, withLeaves, zipTrees } from '@gmlp/base';
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
  /** Loss and gradients of two batches together. Consumes both. */
  combine(a: LossAndGradients<P>, b: LossAndGradients<P>): Promise<LossAndGradients<P>>;
  /** decay average + (1 - decay) params. Consumes the average. */
  average(average: P, params: P, decay: Scalar): Promise<P>;
  /** The sum of all elements: one pass, no copies, and NaN or infinite if one of them is. */
  gradientSum(gradients: P): Promise<Scalar>;
  /** Frees what was compiled for it; a later call is an error. */
  dispose(): Promise<void>;
}

/**
 * Two batches as one: with n = n_a + n_b, loss = (n_a loss_a + n_b loss_b) / n, and the same for the gradients. By induction
 * k micro-batches give (sum of all losses) / (count of all labels), however the labels are spread over them.
 */
function combine<P>(a: LossAndGradients<P>, b: LossAndGradients<P>): LossAndGradients<P> {
  const count: Scalar = tf.add(a.count, b.count);
  const all = tf.maximum(count, 1);
  const [shareA, shareB] = [tf.div(a.count, all), tf.div(b.count, all)];
  const sum = <T extends Tensor>(x: T, y: T): T => tf.add(tf.mul(x, shareA), tf.mul(y, shareB));
  const gradients = zipTrees<Tensor, Tensor, P>([a.gradients, b.gradients], ([x, y]) => sum(x!, y!)) as P;
  return { loss: sum(a.loss, b.loss), count, gradients };
}

function average<P>(old: P, params: P, decay: Scalar): P {
  const rest = tf.sub(1, decay);
  return zipTrees<Tensor, Tensor, P>([old, params], ([mean, leaf]) => tf.add(tf.mul(mean!, decay), tf.mul(leaf!, rest))) as P;
}

function gradientSum(gradients: unknown): Scalar {
  const sums = leavesOf<Tensor>(gradients)
    .filter(({ size }) => size > 0)
    .map((leaf) => tf.sum(leaf) as Tensor);
  return sums.reduce((total, sum) => tf.add(total, sum), tf.scalar(0)) as Scalar;
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
  const compiled = {
    initialState: device.compile((params: P) => optimiser.init(params)),
    lossAndGradients: device.compile((params: P, batch: B, key: Key) => lossAndGradients(loss, params, batch, key)),
    update: device.compile(
      (params: P, state: S, gradients: P, rate: Scalar) => optimiser.update(params, state, gradients, rate),
      { donate: [0, 1] },
    ),
    combine: device.compile((a: LossAndGradients<P>, b: LossAndGradients<P>) => combine(a, b), { donate: [0, 1] }),
    average: device.compile((old: P, params: P, decay: Scalar) => average(old, params, decay), { donate: [0] }),
    gradientSum: device.compile((gradients: P) => gradientSum(gradients)),
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(Object.values(compiled).map((each) => each.dispose()));
  };
  return { ...compiled, dispose };
}

/** Frees the tensors of a tree; keys stay as they are. */
export function disposeTree(tree: unknown): void {
  for (const leaf of leavesOf<unknown>(tree)) {
    if (!isKey(leaf) && leaf instanceof tf.Tensor && !leaf.isDisposed) leaf.dispose();
  }
}
