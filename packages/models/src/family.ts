/**
 * A family of models: how its configs are checked, and what is made of one. Everything that treats all models alike (the
 * table, export, cost, conformance) reads these rows and knows no family by name.
 */
import type { Context } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import type * as z from 'zod/mini';

/** What a model is given, by name; the extent `batch` is open. Ids are below `below`, or else below the vocabulary. */
export type InputDescriptions = Readonly<
  Record<string, { readonly dtype: 'int32' | 'float32'; readonly shape: readonly (number | 'batch')[]; readonly below?: number }>
>;

/** A model, or a part of one, whose inputs come by name. */
export interface Forward {
  readonly spec: unknown;
  /** `params` has the structure of `spec`. */
  apply(params: unknown, inputs: Readonly<Record<string, Tensor>>, context: Context): Tensor;
}

export interface Family<Config, Options, Model> {
  readonly schema: z.ZodMiniType<Config, Options>;
  /** The whole model, head included. */
  create(config: Config): Model;
  inputs(config: Config): InputDescriptions;
  /** The whole model behind one interface. */
  forward(config: Config): Forward;
  /** What the paper counts the parameters and multiply-adds of. */
  counted(config: Config): Forward;
}
