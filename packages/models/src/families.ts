/** The families by the name that a config's `family` has. */
import type * as z from 'zod/mini';
import { bertFamily } from './bert.ts';
import { extractiveSpanFamily } from './extractive-span.ts';
import type { Family } from './family.ts';
import { gmlpLanguageFamily } from './gmlp-language.ts';
import { gmlpVisionFamily } from './gmlp-vision.ts';
import { mixerLanguageFamily } from './mixer-language.ts';
import { mixerVisionFamily } from './mixer-vision.ts';
import { resmlpFamily } from './resmlp.ts';
import { sequenceClassificationFamily } from './sequence-classification.ts';
import { textFeaturesFamily } from './text-features.ts';
import { transformerFamily } from './transformer.ts';
import { vitFamily } from './vit.ts';

export const families: {
  readonly 'gmlp-language': typeof gmlpLanguageFamily;
  readonly 'gmlp-vision': typeof gmlpVisionFamily;
  readonly bert: typeof bertFamily;
  readonly 'extractive-span': typeof extractiveSpanFamily;
  readonly 'mixer-language': typeof mixerLanguageFamily;
  readonly 'mixer-vision': typeof mixerVisionFamily;
  readonly resmlp: typeof resmlpFamily;
  readonly 'sequence-classification': typeof sequenceClassificationFamily;
  readonly 'text-features': typeof textFeaturesFamily;
  readonly transformer: typeof transformerFamily;
  readonly vit: typeof vitFamily;
} = {
  'gmlp-language': gmlpLanguageFamily,
  'gmlp-vision': gmlpVisionFamily,
  bert: bertFamily,
  'extractive-span': extractiveSpanFamily,
  'mixer-language': mixerLanguageFamily,
  'mixer-vision': mixerVisionFamily,
  resmlp: resmlpFamily,
  'sequence-classification': sequenceClassificationFamily,
  'text-features': textFeaturesFamily,
  transformer: transformerFamily,
  vit: vitFamily,
};

type Families = typeof families;
export type FamilyName = keyof Families;

/** A config of a family as people write it: what has a default may be left out. */
export type OptionsOf<F extends FamilyName> = z.input<Families[F]['schema']>;
/** A config with its defaults filled in: what belongs in a model directory. */
export type ConfigOf<F extends FamilyName> = z.output<Families[F]['schema']>;
/** What `createModel` makes of a config. */
export type ModelOf<F extends FamilyName> = ReturnType<Families[F]['create']>;
/** The tree of tensors that a model of the family computes with. */
export type ParametersOf<F extends FamilyName> = Parameters<ModelOf<F>['apply']>[0];

export type ModelOptions = { [F in FamilyName]: OptionsOf<F> }[FamilyName];
export type ModelConfig = { [F in FamilyName]: ConfigOf<F> }[FamilyName];

export const familyNames: readonly FamilyName[] = Object.keys(families) as FamilyName[];

/** The row of a config's family, for code that treats all families alike. */
export function familyOf(config: ModelConfig): Family<ModelOptions, unknown, ModelConfig> {
  return families[config.family] as unknown as Family<ModelOptions, unknown, ModelConfig>;
}
