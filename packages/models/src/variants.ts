/** The named configs, in one table that the command line, the documentation and the tests read. */
import { GmlpError, nearestName } from '@gmlp/base';
import { type FamilyName, familyNames, type OptionsOf } from './families.ts';
import type { VariantRow, Variants } from './variant.ts';
import { type BertVariantName, bertVariants } from './variants/bert.ts';
import { type GmlpLanguageVariantName, gmlpLanguageVariants } from './variants/gmlp-language.ts';
import { type GmlpVisionVariantName, gmlpVisionVariants } from './variants/gmlp-vision.ts';
import { type MixerLanguageVariantName, mixerLanguageVariants } from './variants/mixer-language.ts';
import { type MixerVisionVariantName, mixerVisionVariants } from './variants/mixer-vision.ts';
import { type ResmlpVariantName, resmlpVariants } from './variants/resmlp.ts';
import { type TransformerVariantName, transformerVariants } from './variants/transformer.ts';
import { type VitVariantName, vitVariants } from './variants/vit.ts';

/** The names of each family's variants, so that `createModel('gmlp_base')` has a type of its own. */
export interface VariantNames {
  readonly 'gmlp-language': GmlpLanguageVariantName;
  readonly 'gmlp-vision': GmlpVisionVariantName;
  readonly bert: BertVariantName;
  /** Heads for fine-tuning stand on any body, and a body alone is any: they have no variants of their own. */
  readonly 'extractive-span': never;
  readonly 'mixer-language': MixerLanguageVariantName;
  readonly 'mixer-vision': MixerVisionVariantName;
  readonly resmlp: ResmlpVariantName;
  readonly 'sequence-classification': never;
  readonly 'text-features': never;
  readonly transformer: TransformerVariantName;
  readonly vit: VitVariantName;
}

const byFamily: { readonly [F in FamilyName]: Variants<VariantNames[F], OptionsOf<F>> } = {
  'gmlp-language': gmlpLanguageVariants,
  'gmlp-vision': gmlpVisionVariants,
  bert: bertVariants,
  'extractive-span': {},
  'mixer-language': mixerLanguageVariants,
  'mixer-vision': mixerVisionVariants,
  resmlp: resmlpVariants,
  'sequence-classification': {},
  'text-features': {},
  transformer: transformerVariants,
  vit: vitVariants,
};

export type VariantName = VariantNames[FamilyName];
export type FamilyOfVariant<Name extends VariantName> = {
  [F in FamilyName]: Name extends VariantNames[F] ? F : never;
}[FamilyName];

export interface Variant<F extends FamilyName = FamilyName> extends VariantRow<OptionsOf<F>> {
  readonly name: VariantNames[F];
}

/** The variants of one family, with its type of config. */
export function variantsOf<F extends FamilyName>(family: F): readonly Variant<F>[] {
  const rows = Object.entries(byFamily[family]) as [VariantNames[F], Omit<Variant<F>, 'name'>][];
  return rows.map(([name, row]) => ({ name, ...row }));
}

export const variants: readonly Variant[] = familyNames.flatMap((family) => variantsOf(family));

export function findVariant(name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found) return found;
  const names = variants.map((variant) => variant.name);
  const nearest = nearestName(name, names);
  throw new GmlpError(
    'not-found',
    `findVariant: there is no variant "${name}"${nearest ? `; did you mean ${nearest}?` : ''}\n  known: ${names.join(', ')}`,
    { name, nearest, known: names },
  );
}
