/** The families by the name that a config's `family` has. */
import type { Module } from '@gmlp/layers';
import type * as z from 'zod/mini';
import { type BertConfig, type BertMaskedLanguageModel, type BertOptions, bertMaskedLanguageFamily } from './bert.ts';
import {
  type ExtractiveSpanConfig,
  type ExtractiveSpanModel,
  type ExtractiveSpanOptions,
  extractiveSpanFamily,
} from './extractive-span.ts';
import type { Family } from './family.ts';
import {
  type GmlpLanguageConfig,
  type GmlpLanguageOptions,
  type GmlpMaskedLanguageModel,
  gmlpMaskedLanguageFamily,
} from './gmlp-language.ts';
import {
  type GmlpVisionClassifierParameters,
  type GmlpVisionConfig,
  type GmlpVisionOptions,
  gmlpImageClassifier,
  gmlpVisionSchema,
} from './gmlp-vision.ts';
import { imageFamily } from './image-family.ts';
import {
  type MixerLanguageConfig,
  type MixerLanguageOptions,
  type MixerMaskedLanguageModel,
  mixerMaskedLanguageFamily,
} from './mixer-language.ts';
import {
  type MixerVisionClassifierParameters,
  type MixerVisionConfig,
  type MixerVisionOptions,
  mixerImageClassifier,
  mixerVisionSchema,
} from './mixer-vision.ts';
import {
  type ResmlpClassifierParameters,
  type ResmlpConfig,
  type ResmlpOptions,
  resmlpImageClassifier,
  resmlpSchema,
} from './resmlp.ts';
import {
  type SequenceClassificationConfig,
  type SequenceClassificationModel,
  type SequenceClassificationOptions,
  sequenceClassificationFamily,
} from './sequence-classification.ts';
import {
  type TextFeaturesConfig,
  type TextFeaturesModel,
  type TextFeaturesOptions,
  textFeaturesFamily,
} from './text-features.ts';
import { type TransformerConfig, type TransformerModel, type TransformerOptions, transformerFamily } from './transformer.ts';
import { type VitClassifierParameters, type VitConfig, type VitOptions, vitImageClassifier, vitSchema } from './vit.ts';

export interface Families {
  readonly 'gmlp-language': Family<GmlpLanguageConfig, GmlpLanguageOptions, GmlpMaskedLanguageModel>;
  readonly 'gmlp-vision': Family<GmlpVisionConfig, GmlpVisionOptions, Module<GmlpVisionClassifierParameters>>;
  readonly bert: Family<BertConfig, BertOptions, BertMaskedLanguageModel>;
  readonly 'extractive-span': Family<ExtractiveSpanConfig, ExtractiveSpanOptions, ExtractiveSpanModel>;
  readonly 'mixer-language': Family<MixerLanguageConfig, MixerLanguageOptions, MixerMaskedLanguageModel>;
  readonly 'mixer-vision': Family<MixerVisionConfig, MixerVisionOptions, Module<MixerVisionClassifierParameters>>;
  readonly resmlp: Family<ResmlpConfig, ResmlpOptions, Module<ResmlpClassifierParameters>>;
  readonly 'sequence-classification': Family<
    SequenceClassificationConfig,
    SequenceClassificationOptions,
    SequenceClassificationModel
  >;
  readonly 'text-features': Family<TextFeaturesConfig, TextFeaturesOptions, TextFeaturesModel>;
  readonly transformer: Family<TransformerConfig, TransformerOptions, TransformerModel>;
  readonly vit: Family<VitConfig, VitOptions, Module<VitClassifierParameters>>;
}

export const families: Families = {
  'gmlp-language': gmlpMaskedLanguageFamily,
  'gmlp-vision': imageFamily(gmlpVisionSchema, gmlpImageClassifier),
  bert: bertMaskedLanguageFamily,
  'extractive-span': extractiveSpanFamily,
  'mixer-language': mixerMaskedLanguageFamily,
  'mixer-vision': imageFamily(mixerVisionSchema, mixerImageClassifier),
  resmlp: imageFamily(resmlpSchema, resmlpImageClassifier),
  'sequence-classification': sequenceClassificationFamily,
  'text-features': textFeaturesFamily,
  transformer: transformerFamily,
  vit: imageFamily(vitSchema, vitImageClassifier),
};

export type FamilyName = keyof Families;
type Row<F extends FamilyName> = Families[F];

/** A config as people write it. */
export type OptionsOf<F extends FamilyName> = z.input<Row<F>['schema']>;
/** A config with its defaults filled in: what belongs in a model directory. */
export type ConfigOf<F extends FamilyName> = z.output<Row<F>['schema']>;
export type ModelOf<F extends FamilyName> = ReturnType<Row<F>['create']>;

export type ModelOptions = { [F in FamilyName]: OptionsOf<F> }[FamilyName];
export type ModelConfig = { [F in FamilyName]: ConfigOf<F> }[FamilyName];

export const familyNames: readonly FamilyName[] = Object.keys(families) as FamilyName[];

/** The row of a config's family, for code that treats all families alike. */
export function familyOf(config: ModelConfig): Family<ModelConfig, ModelOptions, unknown> {
  return families[config.family] as unknown as Family<ModelConfig, ModelOptions, unknown>;
}
