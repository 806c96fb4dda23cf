/**
 * A module is data plus a pure function. `spec` is the tree of its parameters, each leaf telling shape, initialiser and
 * whether weight decay applies; everything else (initial values, counts, strict loading, decay masks, the printed summary)
 * is derived from it. `apply` computes the output from a tree of tensors of the same structure.
 */
import { type Key, leafMarker, type MapLeaves } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initialiser } from './initialisers.ts';

/** One parameter as its module describes it: a leaf of a spec. */
export interface Parameter {
  readonly [leafMarker]: 'parameter';
  readonly shape: readonly number[];
  readonly dtype: 'float32';
  readonly initialiser: Initialiser;
  /** Whether the optimiser decays it: matrices do, biases and norms do not. */
  readonly decay: boolean;
}

export function parameter(shape: readonly number[], initialiser: Initialiser, { decay }: { readonly decay: boolean }): Parameter {
  return { [leafMarker]: 'parameter', shape, dtype: 'float32', initialiser, decay };
}

/** The spec of a tree of parameters. */
export type Spec<P> = MapLeaves<P, Tensor, Parameter>;

/** The tree of parameters of a spec: the inverse of `Spec`. */
export type TensorsOf<S> = MapLeaves<S, Parameter, Tensor>;

/** What a call depends on besides parameters and input. The key is needed only where something random happens. */
export interface Context {
  readonly key?: Key;
  readonly training: boolean;
}

export interface Module<P, X = Tensor, Y = Tensor> {
  readonly spec: Spec<P>;
  apply(params: P, x: X, context: Context): Y;
}

/** A module that computes the same in training and use, so that its `apply` takes no context. */
export interface Layer<P, X = Tensor, Y = Tensor> {
  readonly spec: Spec<P>;
  apply(params: P, x: X): Y;
}

/** The context of plain use: nothing random. */
export const inference: Context = { training: false };
