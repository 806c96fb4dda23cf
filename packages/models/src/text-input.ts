/** What a model that reads text is given. A model passes over what it has no use for: gMLP needs no mask (figure 1 of the paper). */
import type { Module } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Forward, InputDescriptions } from './family.ts';

export type TextInput = {
  /** int32 [batch, tokens] */
  readonly ids: Tensor;
  /** Which sentence of a pair each token is of, int32 [batch, tokens]; the first for all when left out. */
  readonly segments?: Tensor | undefined;
  /** bool [batch, tokens], false for padding, which no token looks at; nothing is padding when left out. */
  readonly mask?: Tensor | undefined;
};

/** Inputs by name, where a mask is int32, 0 for padding: what other programs give to an exported model. */
export function textInput({ ids, segments, mask }: Readonly<Record<string, Tensor>>): TextInput {
  return {
    ids: ids!,
    ...(segments && { segments }),
    ...(mask && { mask: tf.notEqual(mask, tf.scalar(0, 'int32')) }),
  };
}

/** A model of ids alone, given text. */
export function readingIds<P>({ spec, apply }: Module<P>): Module<P, TextInput> {
  return { spec, apply: (params, { ids }, context) => apply(params, ids, context) };
}

/** A model of text behind the interface that all families have. */
export function textForward<Config, P>(create: (config: Config) => Module<P, TextInput>): (config: Config) => Forward {
  return (config) => {
    const { spec, apply } = create(config);
    return { spec, apply: (params, inputs, context) => apply(params as P, textInput(inputs), context) };
  };
}

/** The inputs of a model that reads ids alone. */
export function textInputs({ tokens }: { readonly tokens: number }): InputDescriptions {
  return { ids: { dtype: 'int32', shape: ['batch', tokens] } };
}

/** The inputs of a model that looks at no padding, and tells apart so many segments. */
export function maskedTextInputs({
  tokens,
  segments,
}: {
  readonly tokens: number;
  readonly segments: number;
}): InputDescriptions {
  const shape = ['batch', tokens] as const;
  return {
    ...textInputs({ tokens }),
    ...(segments > 0 && { segments: { dtype: 'int32', shape, below: segments } }),
    mask: { dtype: 'int32', shape, below: 2 },
  };
}
