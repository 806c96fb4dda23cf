/**
 * A body for language with a head for masked language modelling: scores for the pieces at chosen positions, or at all when none
 * are given. The body's weights keep their names.
 *
 *   ids int32 [batch, tokens], positions int32 [batch, chosen] -> logits [batch, chosen | tokens, vocabulary]
 */
import type { EmbeddingParameters, Module, Spec } from '@gmlp/layers';
import { gatherPositions } from '@gmlp/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Complete, Family, InputDescriptions, ModelFacts, Schema } from './family.ts';
import { type MaskedLanguageHeadParameters, maskedLanguageHead } from './heads/masked-language.ts';
import type { LanguageOptions } from './language-config.ts';
import { type TextInput, textForward } from './text-input.ts';
import type { WithHead } from './with-head.ts';

export type MaskedLanguageInput = TextInput & {
  /** Where logits are wanted; training computes them at the masked tokens only. */
  readonly positions?: Tensor;
};

/** The table may be the head's matrix too. */
type Embedded = { readonly embedding: EmbeddingParameters };

export type MaskedLanguageModel<Body> = Module<WithHead<Body, MaskedLanguageHeadParameters>, MaskedLanguageInput>;

/**
 * The row of such a family. The paper counts its parameters and products without the head, whose matrix is the embedding.
 * `facts` are those in which it differs from a model without tiny attention whose tokens see all others.
 */
export function maskedLanguageFamily<Config extends Complete<LanguageOptions>, Options, Body extends Embedded>(
  schema: Schema<Options, Config>,
  body: (config: Config) => Module<Body, TextInput>,
  inputs: (config: Config) => InputDescriptions,
  facts: (config: Config) => Partial<ModelFacts> = () => ({}),
): Family<Options, MaskedLanguageModel<Body>, Config> {
  const create = (config: Config) => withLanguageHead(body(config), config);
  return {
    schema,
    create,
    inputs,
    facts(config) {
      const { layers, tokens, channels, hiddenChannels } = config;
      return { layers, tokens, channels, hiddenChannels, causal: false, attentionChannels: 0, ...facts(config) };
    },
    forward: textForward(create),
    counted: textForward(body),
  };
}

function withLanguageHead<Body extends Embedded>(
  body: Module<Body, TextInput>,
  config: Complete<LanguageOptions>,
): MaskedLanguageModel<Body> {
  const head = maskedLanguageHead({ ...config, ...config.head });
  return {
    spec: { ...body.spec, head: head.spec } as Spec<WithHead<Body, MaskedLanguageHeadParameters>>,
    apply(params, { positions, ...text }, context) {
      const hidden = body.apply(params, text, context);
      const chosen = positions ? gatherPositions(hidden as Tensor3D, positions as Tensor2D) : hidden;
      return head.apply(params.head, chosen, params.embedding);
    },
  };
}
