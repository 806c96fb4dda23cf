/**
 * Lion (Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, https://arxiv.org/abs/2302.06675) over a tree of parameters,
 * in the order of operations of its authors and of timm:
 *
 *   p = p (1 - rate weightDecay)                              (only leaves that decay)
 *   g = scale g                                               (1 when it is left out)
 *   p = p - rate sign(beta1 m + (1 - beta1) g)
 *   m = beta2 m + (1 - beta2) g
 *
 * One array of state where AdamW has two. Every parameter moves by the rate, so that rates are three to ten times smaller than AdamW's, and
 * weight decays as many times larger. Pure: new parameters and state are returned; rate and scale are scalar tensors.
 */
import { type MapLeaves, mapTree, withLeaves, zipTrees } from '@gmlp/base';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument, expectShape } from './expect-shape.ts';

export interface LionOptions<P> {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly weightDecay?: number;
  /** Gradients of a sum become those of a mean by it. 1 when left out. */
  readonly scale?: Scalar;
  /** Which leaves decay: all when left out. */
  readonly decayed?: MapLeaves<P, Tensor, boolean>;
}

export interface LionState<P> {
  /** How many steps were taken: a float32 scalar. */
  readonly step: Scalar;
  /** Running average of the gradients. */
  readonly mean: P;
}

export function lionInit<P>(params: P): LionState<P> {
  return { step: tf.scalar(0), mean: mapTree<Tensor, Tensor, P>(params, (leaf) => tf.zerosLike(leaf)) as P };
}

export function lion<P>(
  params: P,
  state: LionState<P>,
  gradients: P,
  rate: Scalar,
  { beta1 = 0.9, beta2 = 0.99, weightDecay = 0.01, scale, decayed }: LionOptions<P> = {},
): { params: P; state: LionState<P> } {
  expectArgument(
    [beta1, beta2].every((beta) => beta >= 0 && beta < 1),
    'lion',
    '0 <= beta1, beta2 < 1',
    { beta1, beta2 },
  );
  expectArgument(weightDecay >= 0, 'lion', 'a weightDecay of at least 0', { weightDecay });
  expectShape(rate.rank === 0, 'lion', 'a scalar rate', { rate });
  if (scale !== undefined) expectShape(scale.rank === 0, 'lion', 'a scalar scale', { scale });
  const decays = decayed ?? mapTree<Tensor, boolean, P>(params, () => true);
  const updated: (readonly [parameter: Tensor, mean: Tensor])[] = [];
  zipTrees<Tensor | boolean, undefined, P>([params, gradients, state.mean, decays], (leaves, path) => {
    const [parameter, given, old, decay] = leaves as [Tensor, Tensor, Tensor, boolean];
    expectShape(
      [given, old].every(({ shape }) => tf.util.arraysEqual(shape, parameter.shape)),
      `lion at ${path.join('.')}`,
      'a gradient and a mean of the shape of the parameter',
      { parameter, gradient: given, mean: old },
    );
    const [next, mean] = tf.tidy(() => {
      const gradient = scale === undefined ? given : tf.mul(given, scale);
      const direction = signOf(tf.add(tf.mul(old, beta1), tf.mul(gradient, 1 - beta1)));
      const kept = decay && weightDecay > 0 ? tf.mul(parameter, tf.sub(1, tf.mul(rate, weightDecay))) : parameter;
      return [tf.sub(kept, tf.mul(direction, rate)), tf.add(tf.mul(old, beta2), tf.mul(gradient, 1 - beta2))];
    });
    updated.push([next!, mean!]);
    return undefined;
  });
  const tree = (part: 0 | 1): P =>
    withLeaves<Tensor, Tensor, P>(
      params,
      updated.map((tensors) => tensors[part]),
    ) as P;
  return { params: tree(0), state: { step: tf.add(state.step, 1), mean: tree(1) } };
}

/** TensorFlow.js's own Sign on wasm gives 0 for what is smaller than about 1e-6, and late in training most of a mean is. */
function signOf(x: Tensor): Tensor {
  return tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'));
}
