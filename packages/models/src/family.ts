/**
 * A family of models: how its configs are checked, and what is made of one. Everything that treats all models alike (the
 * table, export, cost, conformance) reads these rows and knows no family by name.
 *
 * A family has one interface for its configs: `Options`, as people write them, where `?` marks what has a default.
 */
import type { Context } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import type * as z from 'zod/mini';

/** Options with their defaults filled in, plain and JSON-able: what a model directory holds. */
export type Complete<Options> = Options extends object
  ? { readonly [Name in keyof Options]-?: Complete<Exclude<Options[Name], undefined>> }
  : Options;

/** Checks options and fills in what they leave out. */
export type Schema<Options, Config = Complete<Options>> = z.ZodMiniType<Config, Options>;

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

/** What is asked of the models of all families alike. */
export interface ModelFacts {
  /** How many blocks; an encoder and a decoder have so many each. */
  readonly layers: number;
  /** The longest sequence; of an image how many patches it has. */
  readonly tokens: number;
  /** Of a token. */
  readonly channels: number;
  /** Of a token inside a block. */
  readonly hiddenChannels: number;
  /** Whether no token sees a later one. */
  readonly causal: boolean;
  /** Channels of tiny attention; 0 where there is none. */
  readonly attentionChannels: number;
  /** Of an image: how many patches stand in a row, and in a column. */
  readonly grid?: number;
  /** How many classes are told apart. */
  readonly classes?: number;
}

/** Configs that come to a row are whole: `createModel` and the other ways in have checked them. */
export interface Family<Options, Model, Config = Complete<Options>> {
  readonly schema: Schema<Options, Config>;
  /** The whole model, head included. */
  create(config: Config): Model;
  inputs(config: Config): InputDescriptions;
  facts(config: Config): ModelFacts;
  /** The whole model behind one interface. */
  forward(config: Config): Forward;
  /** What the paper counts the parameters and multiply-adds of. */
  counted(config: Config): Forward;
}
