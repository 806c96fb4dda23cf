/**
 * gMLP with a head for masked language modelling: scores for the pieces at chosen positions, or at all when none are given.
 *
 *   ids int32 [batch, tokens], positions int32 [batch, chosen] -> logits [batch, chosen | tokens, vocabulary]
 */
import type { Context, Module } from '@gmlp/layers';
import { gatherPositions } from '@gmlp/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Family } from './family.ts';
import {
  type GmlpLanguageConfig,
  type GmlpLanguageOptions,
  type GmlpLanguageParameters,
  gmlpLanguage,
  gmlpLanguageSchema,
} from './gmlp-language.ts';
import { type MaskedLanguageHeadParameters, maskedLanguageHead } from './heads/masked-language.ts';
import { parseConfig } from './parse-config.ts';

export type GmlpMaskedLanguageParameters = GmlpLanguageParameters & { readonly head: MaskedLanguageHeadParameters };

export type MaskedLanguageInput = {
  readonly ids: Tensor;
  /** Where logits are wanted; training computes them at the masked tokens only. */
  readonly positions?: Tensor;
};

export type MaskedLanguageModel = Module<GmlpMaskedLanguageParameters, MaskedLanguageInput>;

export function gmlpMaskedLanguage(options: GmlpLanguageOptions): MaskedLanguageModel {
  const config = parseConfig('gmlpMaskedLanguage', gmlpLanguageSchema, options);
  const body = gmlpLanguage(config);
  const head = maskedLanguageHead({ ...config, ...config.head });
  return {
    spec: { ...body.spec, head: head.spec },
    apply(params, { ids, positions }, context) {
      const hidden = body.apply(params, ids, context);
      const chosen = positions ? gatherPositions(hidden as Tensor3D, positions as Tensor2D) : hidden;
      return head.apply(params.head, chosen, params.embedding);
    },
  };
}

type Named = Readonly<Record<string, Tensor>>;

export const gmlpMaskedLanguageFamily: Family<GmlpLanguageConfig, GmlpLanguageOptions, MaskedLanguageModel> = {
  schema: gmlpLanguageSchema,
  create: gmlpMaskedLanguage,
  inputs: ({ tokens }) => ({ ids: { dtype: 'int32', shape: ['batch', tokens] } }),
  forward: (config) => {
    const { spec, apply } = gmlpMaskedLanguage(config);
    return {
      spec,
      apply: (params, { ids }: Named, context: Context) => apply(params as GmlpMaskedLanguageParameters, { ids: ids! }, context),
    };
  },
  counted: (config) => {
    const { spec, apply } = gmlpLanguage(config);
    return { spec, apply: (params, { ids }: Named, context: Context) => apply(params as GmlpLanguageParameters, ids!, context) };
  },
};
