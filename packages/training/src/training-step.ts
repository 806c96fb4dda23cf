/**
 * One training step as compiled functions, so that what belongs between them (accumulation, exchange with other processes) can
 * stand there:
 *
 *   summed(params, batch, key) -> { sum, count, gradients }     losses of a batch, their number, and the gradients of their sum
 *   added(a, b)                                                 two batches as one: all three are sums
 *   measured({ sum, count, gradients }) -> { loss, scale, norm }
 *                                                               loss = sum / count, scale = 1 / count, norm of scale * gradients
 *   update(params, state, gradients, { rate, scale, norm }) -> { params, state }        consumes params and state
 *
 * Gradients stay those of the sum: the optimiser takes the scale along, which costs no pass over them.
 */
import { GmlpError, type Key, leavesOf, withLeaves, zipTrees } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { globalNorm } from '@gmlp/ops';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LossFunction, LossSum } from './objective.ts';
import type { Optimiser, StepScalars } from './optimiser.ts';

/** Of a batch, or of several together. */
export interface SummedGradients<P> {
  readonly sum: Scalar;
  readonly count: Scalar;
  readonly gradients: P;
}

export interface MeasuredGradients extends Omit<StepScalars, 'rate'> {
  /** The mean loss. */
  readonly loss: Scalar;
}

export interface TrainingStep<P, S, B> {
  initialState(params: P): Promise<S>;
  summed(params: P, batch: B, key: Key): Promise<SummedGradients<P>>;
  /** Consumes both. */
  added(a: SummedGradients<P>, b: SummedGradients<P>): Promise<SummedGradients<P>>;
  measured(total: SummedGradients<P>): Promise<MeasuredGradients>;
  update(params: P, state: S, gradients: P, step: StepScalars): Promise<{ params: P; state: S }>;
  /** Frees what was compiled for it; a later call is an error. */
  dispose(): Promise<void>;
}

function added<P>(a: SummedGradients<P>, b: SummedGradients<P>): SummedGradients<P> {
  return zipTrees<Tensor, Tensor, SummedGradients<P>>([a, b], ([x, y]) => tf.add(x!, y!)) as unknown as SummedGradients<P>;
}

function measured<P>({ sum, count, gradients }: SummedGradients<P>): MeasuredGradients {
  const scale: Scalar = tf.div(1, tf.maximum(count, 1));
  return { loss: tf.mul(sum, scale), scale, norm: tf.mul(globalNorm(gradients), scale) };
}

/** The losses of a batch, and the gradients of their sum; of a parameter that the loss does not depend on it is zero. */
export function summedGradients<P, B>(loss: LossFunction<P, B>, params: P, batch: B, key: Key): SummedGradients<P> {
  const leaves = leavesOf<Tensor>(params);
  if (leaves.length === 0) throw new GmlpError('invalid-argument', 'summedGradients: the tree of parameters has no leaves');
  let counted: Scalar | undefined;
  // tf.valueAndGrads, without its error for parameters that the loss does not depend on.
  const { value, grads } = tf.engine().gradients<Scalar>(() => {
    const given = loss(params, batch, { training: true, key });
    expectLossSum(given);
    const { sum, count } = given;
    counted = tf.keep(tf.clone(count)); // outlives the tidy of gradients; below it becomes the caller's like the rest
    return sum;
  }, leaves);
  const kept = counted!;
  const count: Scalar = tf.clone(kept);
  kept.dispose();
  const gradients = leaves.map((leaf, index) => (grads as (Tensor | null | undefined)[])[index] ?? tf.zerosLike(leaf));
  return { sum: value, count, gradients: withLeaves<Tensor, Tensor, P>(params, gradients) as P };
}

/** What an objective gives comes from its user: a vector of losses would be differentiated as its sum and recorded as its first. */
function expectLossSum(given: Partial<LossSum> | undefined): void {
  const shown = (value: unknown): string =>
    value instanceof tf.Tensor ? `one of shape [${value.shape.join(', ')}]` : typeof value;
  const isScalar = (value: unknown): boolean => value instanceof tf.Tensor && value.rank === 0;
  if (isScalar(given?.sum) && isScalar(given?.count)) return;
  throw new GmlpError(
    'invalid-argument',
    `summedGradients: the loss gives { sum, count }, two scalar tensors, got as sum ${shown(given?.sum)}, as count ${shown(given?.count)}`,
  );
}

export function trainingStep<P, S, B>(
  device: Device,
  { loss, optimiser }: { readonly loss: LossFunction<P, B>; readonly optimiser: Optimiser<P, S> },
): TrainingStep<P, S, B> {
  const compiled = {
    initialState: device.compile((params: P) => optimiser.init(params)),
    summed: device.compile((params: P, batch: B, key: Key) => summedGradients(loss, params, batch, key)),
    added: device.compile((a: SummedGradients<P>, b: SummedGradients<P>) => added(a, b), { donate: [0, 1] }),
    measured: device.compile((total: SummedGradients<P>) => measured(total)),
    update: device.compile(
      (params: P, state: S, gradients: P, step: StepScalars) => optimiser.update(params, state, gradients, step),
      { donate: [0, 1] },
    ),
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(Object.values(compiled).map((each) => each.dispose()));
  };
  return { ...compiled, dispose };
}
