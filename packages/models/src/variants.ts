/** The named configs, in one table that the command line, the documentation and the tests read. */
import { GmlpError, nearestName } from '@gmlp/base';
import type { FamilyName, ModelOptions, OptionsOf } from './families.ts';
import type { PaperFigures, Variants } from './variant.ts';
import { type GmlpLanguageVariantName, gmlpLanguageVariants } from './variants/gmlp-language.ts';

/** The names of each family's variants, so that `createModel('gmlp_base')` has a type of its own. */
export interface VariantNames {
  readonly 'gmlp-language': GmlpLanguageVariantName;
}

const byFamily: { readonly [F in FamilyName]: Variants<VariantNames[F], OptionsOf<F>> } = {
  'gmlp-language': gmlpLanguageVariants,
};

export type VariantName = VariantNames[FamilyName];
export type FamilyOfVariant<Name extends VariantName> = {
  [F in FamilyName]: Name extends VariantNames[F] ? F : never;
}[FamilyName];

export interface Variant {
  readonly name: VariantName;
  readonly config: ModelOptions;
  readonly paper: PaperFigures;
}

export const variants: readonly Variant[] = Object.values(byFamily).flatMap((table) =>
  Object.entries(table).map(([name, row]) => ({ name: name as VariantName, ...row })),
);

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
