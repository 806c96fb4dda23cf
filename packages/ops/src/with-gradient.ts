import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectOneTfjs } from './one-tfjs.ts';

export interface Differentiable<R extends tf.Rank = tf.Rank> {
  readonly value: Tensor<R>;
  /** Tensors that `gradients` needs; what else it reaches may be disposed by then. */
  readonly saved: readonly Tensor[];
  /** The gradient of each input, in order. Its temporaries are freed at once, not at the end of the whole backward pass. */
  gradients(dy: Tensor, saved: readonly Tensor[]): Tensor[];
}

/** `forward(inputs)` with its own gradient instead of that of the kernels it calls. Every input is float32. */
export function withGradient<R extends tf.Rank = tf.Rank>(
  inputs: readonly Tensor[],
  forward: () => Differentiable<R>,
): Tensor<R> {
  expectOneTfjs();
  const op = tf.customGrad((...args: (Tensor | tf.GradSaveFunc)[]) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, gradients } = forward();
    save([...saved]);
    return {
      value,
      gradFunc: (dy: Tensor | Tensor[], kept: Tensor[]) => tf.tidy(() => gradients(dy as Tensor, kept)),
    };
  });
  return op(...inputs) as Tensor<R>;
}
