/**
 * A body for language with a head for masked language modelling: scores for the pieces at chosen positions, or at all when none
 * are given. The body's weights keep their names.
 *
 *   ids int32 [batch, tokens], positions int32 [batch, chosen] -> logits [batch, chosen | tokens, vocabulary]
 */
import type { EmbeddingParameters, Module, Spec } from '@gmlp/layers';
import { gatherPositions } from '@gmlp/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type * as z from 'zod/mini';
import type { Family, InputDescriptions } from './family.ts';
import { type MaskedLanguageHeadParameters, maskedLanguageHead } from './heads/masked-language.ts';
import type { LanguageChoices, LanguageHead, LanguageSizes } from './language-config.ts';
import { type TextInput, textForward } from './text-input.ts';
import type { WithHead } from './with-head.ts';

export type MaskedLanguageInput = TextInput & {
  /** Where logits are wanted; training computes them at the masked tokens only. */
  readonly positions?: Tensor;
};

/** The table may be the head's matrix too. */
type Embedded = { readonly embedding: EmbeddingParameters };

export type MaskedLanguageModel<Body> = Module<WithHead<Body, MaskedLanguageHeadParameters>, MaskedLanguageInput>;

type MaskedLanguageConfig = Pick<LanguageSizes, 'vocabulary' | 'channels'> & LanguageChoices & LanguageHead;

export function maskedLanguageModel<Body extends Embedded>(
  body: Module<Body, TextInput>,
  config: MaskedLanguageConfig,
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

/** The row of such a family. The paper counts its parameters and products without the head, whose matrix is the embedding. */
export function maskedLanguageFamily<Config extends MaskedLanguageConfig, Options, Body extends Embedded>(
  schema: z.ZodMiniType<Config, Options>,
  body: (config: Config) => Module<Body, TextInput>,
  inputs: (config: Config) => InputDescriptions,
): Family<Config, Options, MaskedLanguageModel<Body>> {
  const create = (config: Config) => maskedLanguageModel(body(config), config);
  return { schema, create, inputs, forward: textForward(create), counted: textForward(body) };
}
