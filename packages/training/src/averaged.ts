import { GmlpError, mapTree, zipTrees } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Optimiser } from './optimiser.ts';

export interface AveragedState<P, S> {
  /** Of the optimiser whose parameters are averaged. */
  readonly inner: S;
  readonly average: P;
}

/**
 * An optimiser that keeps a running average of the parameters in its state, which begins as a copy of them:
 *
 *   average' = decay average + (1 - decay) params'
 */
export function averaged<P, S>(optimiser: Optimiser<P, S>, decay: number): Optimiser<P, AveragedState<P, S>> {
  if (!(decay >= 0 && decay < 1)) {
    throw new GmlpError('invalid-argument', `averaged: expected 0 <= decay < 1, got ${decay}`, { decay });
  }
  const rest = Math.fround(1 - Math.fround(decay)); // the two add up to 1 as float32 too
  return {
    init: (params) => ({
      inner: optimiser.init(params),
      average: mapTree<Tensor, Tensor, P>(params, (leaf) => tf.clone(leaf)) as P,
    }),
    update(params, { inner, average }, gradients, step) {
      const next = optimiser.update(params, inner, gradients, step);
      const mean = zipTrees<Tensor, Tensor, P>([average, next.params], ([old, leaf]) =>
        tf.add(tf.mul(old!, decay), tf.mul(leaf!, rest)),
      ) as P;
      return { params: next.params, state: { inner: next.state, average: mean } };
    },
    average: ({ average }) => average,
  };
}
