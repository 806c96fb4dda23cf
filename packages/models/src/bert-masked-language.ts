/**
 * BERT with a head for masked language modelling: scores for the pieces at chosen positions, or at all when none are given.
 *
 *   ids int32 [batch, tokens], positions int32 [batch, chosen] -> logits [batch, chosen | tokens, vocabulary]
 */
import type { Context, Module } from '@gmlp/layers';
import { gatherPositions } from '@gmlp/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { type BertConfig, type BertOptions, type BertParameters, bert, bertSchema } from './bert.ts';
import type { Family } from './family.ts';
import type { MaskedLanguageInput } from './gmlp-masked-language.ts';
import { type MaskedLanguageHeadParameters, maskedLanguageHead } from './heads/masked-language.ts';
import { parseConfig } from './parse-config.ts';
import { maskedTextInputs, type TextInput, textInput } from './text-input.ts';

export type BertMaskedLanguageParameters = BertParameters & { readonly head: MaskedLanguageHeadParameters };

export type BertMaskedLanguageModel = Module<BertMaskedLanguageParameters, MaskedLanguageInput & TextInput>;

export function bertMaskedLanguage(options: BertOptions): BertMaskedLanguageModel {
  const config = parseConfig('bertMaskedLanguage', bertSchema, options);
  const body = bert(config);
  const head = maskedLanguageHead({ ...config, ...config.head });
  return {
    spec: { ...body.spec, head: head.spec },
    apply(params, { positions, ...text }, context) {
      const hidden = body.apply(params, text, context);
      const chosen = positions ? gatherPositions(hidden as Tensor3D, positions as Tensor2D) : hidden;
      return head.apply(params.head, chosen, params.embedding);
    },
  };
}

type Named = Readonly<Record<string, Tensor>>;

export const bertMaskedLanguageFamily: Family<BertConfig, BertOptions, BertMaskedLanguageModel> = {
  schema: bertSchema,
  create: bertMaskedLanguage,
  inputs: maskedTextInputs,
  forward: (config) => {
    const { spec, apply } = bertMaskedLanguage(config);
    return {
      spec,
      apply: (params, inputs: Named, context: Context) =>
        apply(params as BertMaskedLanguageParameters, textInput(inputs), context),
    };
  },
  counted: (config) => {
    const { spec, apply } = bert(config);
    return {
      spec,
      apply: (params, inputs: Named, context: Context) => apply(params as BertParameters, textInput(inputs), context),
    };
  },
};
