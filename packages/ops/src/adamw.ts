/**
 * AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019) over a tree of parameters, in the order of
 * operations of torch.optim.AdamW. For step t = 1, 2, ...
 *
 *   p = p (1 - rate weightDecay)                              (only leaves that decay)
 *   g = scale g                                               (1 when it is left out)
 *   m = beta1 m + (1 - beta1) g
 *   v = beta2 v + (1 - beta2) g^2
 *   p = p - rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * Pure: new parameters and state are returned. Rate and scale are scalar tensors, so that a schedule does not retrace.
 */
import { type MapLeaves, mapTree, withLeaves, zipTrees } from '@gmlp/base';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AdamWAttributes } from './adamw-loop.ts';
import { expectArgument, expectShape } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';

export interface AdamWOptions<P> {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Gradients of a sum become those of a mean by it, and smaller where they are clipped: no pass over them of its own. */
  readonly scale?: Scalar;
  /** Which leaves decay: all when left out. */
  readonly decayed?: MapLeaves<P, Tensor, boolean>;
}

export interface AdamWState<P> {
  /** How many steps were taken: a float32 scalar. */
  readonly step: Scalar;
  /** Running average of the gradients. */
  readonly mean: P;
  /** Running average of their squares. */
  readonly variance: P;
}

export function adamwInit<P>(params: P): AdamWState<P> {
  const zeros = (): P => mapTree<Tensor, Tensor, P>(params, (leaf) => tf.zerosLike(leaf)) as P;
  return { step: tf.scalar(0), mean: zeros(), variance: zeros() };
}

export function adamw<P>(
  params: P,
  state: AdamWState<P>,
  gradients: P,
  rate: Scalar,
  options: AdamWOptions<P> = {},
): { params: P; state: AdamWState<P> } {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6, weightDecay = 0.01, scale = tf.scalar(1), decayed } = options;
  expectArgument(
    [beta1, beta2].every((beta) => beta >= 0 && beta < 1),
    'adamw',
    '0 <= beta1, beta2 < 1',
    { beta1, beta2 },
  );
  expectArgument(epsilon >= 0 && weightDecay >= 0, 'adamw', 'epsilon and weightDecay of at least 0', { epsilon, weightDecay });
  expectShape(rate.rank === 0, 'adamw', 'a scalar rate', { rate });
  expectShape(scale.rank === 0, 'adamw', 'a scalar scale', { scale });
  const step: Scalar = tf.add(state.step, 1);
  const decays = decayed ?? mapTree<Tensor, boolean, P>(params, () => true);
  const clock = tf.stack([step, rate, scale]);
  const updated: AdamWTensors[] = [];
  zipTrees<Tensor | boolean, undefined, P>([params, gradients, state.mean, state.variance, decays], (leaves, path) => {
    const [parameter, gradient, mean, variance, decay] = leaves as [Tensor, Tensor, Tensor, Tensor, boolean];
    expectShape(
      [gradient, mean, variance].every(({ shape }) => tf.util.arraysEqual(shape, parameter.shape)),
      `adamw at ${path.join('.')}`,
      'gradient, mean and variance of the shape of the parameter',
      { parameter, gradient, mean, variance },
    );
    const attributes = { beta1, beta2, epsilon, weightDecay: decay ? weightDecay : 0 };
    updated.push(updatedLeaf({ parameter, gradient, mean, variance, clock, step, rate, scale }, attributes));
    return undefined;
  });
  clock.dispose();
  if (options.scale === undefined) scale.dispose();
  const tree = (part: 0 | 1 | 2): P =>
    withLeaves<Tensor, Tensor, P>(
      params,
      updated.map((tensors) => tensors[part]),
    ) as P;
  return { params: tree(0), state: { step, mean: tree(1), variance: tree(2) } };
}

type AdamWTensors = readonly [parameter: Tensor, mean: Tensor, variance: Tensor];

function updatedLeaf(
  {
    clock,
    step,
    rate,
    scale,
    ...inputs
  }: Record<'parameter' | 'gradient' | 'mean' | 'variance' | 'clock' | 'step' | 'rate' | 'scale', Tensor>,
  attributes: AdamWAttributes,
): AdamWTensors {
  const fused = fusedKernel('GmlpAdamW', { ...inputs, clock }, { ...attributes });
  if (fused) return fused as unknown as AdamWTensors;
  const { parameter } = inputs;
  const { beta1, beta2, epsilon, weightDecay } = attributes;
  const [next, mean, variance] = tf.tidy(() => {
    const gradient = tf.mul(inputs.gradient, scale);
    const decayedParameter = weightDecay === 0 ? parameter : tf.mul(parameter, tf.sub(1, tf.mul(rate, weightDecay)));
    const mean = tf.add(tf.mul(inputs.mean, beta1), tf.mul(gradient, 1 - beta1));
    const variance = tf.add(tf.mul(inputs.variance, beta2), tf.mul(tf.mul(gradient, gradient), 1 - beta2));
    const size = tf.div(rate, oneMinusPower(beta1, step));
    const root = tf.sqrt(oneMinusPower(beta2, step));
    const denominator = tf.add(tf.div(tf.sqrt(variance), root), epsilon);
    return [tf.sub(decayedParameter, tf.mul(tf.div(mean, denominator), size)), mean, variance];
  });
  return [next!, mean!, variance!];
}

/** 1 - base^step: by expm1, as the subtraction would lose half of float32's digits at the first steps. */
function oneMinusPower(base: number, step: Tensor): Tensor {
  return tf.neg(tf.expm1(tf.mul(step, Math.log(base))));
}
