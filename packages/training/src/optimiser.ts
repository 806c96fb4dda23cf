/** An optimiser as pure functions of trees; wrappers such as `clipped` and `averaged` take one and give one. */
import type { Scalar } from '@tensorflow/tfjs-core';

/** What changes from step to step, as scalars on the device. */
export interface StepScalars {
  readonly rate: Scalar;
  /** The gradients are those of a sum of losses; times this they are those of the mean. */
  readonly scale: Scalar;
  /** Of the mean's gradients: the root of the sum of all their squares. */
  readonly norm: Scalar;
}

export interface Optimiser<P, S> {
  init(params: P): S;
  update(params: P, state: S, gradients: P, step: StepScalars): { params: P; state: S };
  /** The running average of the parameters, where it keeps one: it is evaluated and saved beside them. */
  average?(state: S): P;
}
