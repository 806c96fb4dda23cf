/**
 * Stochastic gradient descent with momentum over a tree of parameters, as torch.optim.SGD without dampening:
 *
 *   g = scale g,   velocity = momentum velocity + g,   p = p - rate velocity
 *
 * Pure; rate and scale are scalar tensors.
 */
import { mapTree, zipTrees } from '@gmlp/base';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectArgument, expectShape } from './expect-shape.ts';

export interface SgdState<P> {
  /** How many steps were taken: a float32 scalar. */
  readonly step: Scalar;
  readonly velocity: P;
}

export interface SgdOptions {
  readonly momentum?: number;
  /** Gradients of a sum become those of a mean by it. 1 when left out. */
  readonly scale?: Scalar;
}

export function sgdInit<P>(params: P): SgdState<P> {
  return { step: tf.scalar(0), velocity: mapTree<Tensor, Tensor, P>(params, (leaf) => tf.zerosLike(leaf)) as P };
}

export function sgd<P>(
  params: P,
  state: SgdState<P>,
  gradients: P,
  rate: Scalar,
  { momentum = 0, scale }: SgdOptions = {},
): { params: P; state: SgdState<P> } {
  expectShape(rate.rank === 0, 'sgd', 'a scalar rate', { rate });
  expectArgument(momentum >= 0 && momentum < 1, 'sgd', '0 <= momentum < 1', { momentum });
  if (scale !== undefined) expectShape(scale.rank === 0, 'sgd', 'a scalar scale', { scale });
  const velocity = zipTrees<Tensor, Tensor, P>([params, state.velocity, gradients], (leaves, path) => {
    const [parameter, old, gradient] = leaves as [Tensor, Tensor, Tensor];
    expectShape(
      [old, gradient].every(({ shape }) => tf.util.arraysEqual(shape, parameter.shape)),
      `sgd at ${path.join('.')}`,
      'a gradient and a velocity of the shape of the parameter',
      { parameter, gradient, velocity: old },
    );
    return tf.tidy(() => {
      const scaled = scale === undefined ? tf.clone(gradient) : tf.mul(gradient, scale);
      return momentum === 0 ? scaled : tf.add(tf.mul(old, momentum), scaled);
    });
  }) as P;
  const next = zipTrees<Tensor, Tensor, P>([params, velocity], ([parameter, direction]) =>
    tf.tidy(() => tf.sub(parameter!, tf.mul(direction!, rate))),
  ) as P;
  return { params: next, state: { step: tf.add(state.step, 1), velocity } };
}
