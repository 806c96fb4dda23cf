/** A model from a variant's name or a config as read from a file. */
import { GmlpError, nearestName, sizeOf } from '@gmlp/base';
import { type Parameter, toNamed } from '@gmlp/layers';
import { type ConfigOf, type FamilyName, families, familyNames, familyOf, type ModelOf, type ModelOptions } from './families.ts';
import { parseConfig, shown } from './parse-config.ts';
import { type FamilyOfVariant, findVariant, type VariantName } from './variants.ts';

/** A model with its config; of whichever family when that is only known when it runs. */
export type CreatedModel<F extends FamilyName = FamilyName> = F extends FamilyName
  ? {
      /** Complete, with defaults filled in: what belongs in a model directory. */
      readonly config: ConfigOf<F>;
      readonly module: ModelOf<F>;
    }
  : never;

/** `createModel('gmlp_base')`, or any config: it is checked, so it may come from outside. */
export function createModel<Name extends VariantName>(variant: Name): CreatedModel<FamilyOfVariant<Name>>;
export function createModel<Options extends ModelOptions>(options: Options): CreatedModel<Options['family']>;
export function createModel(nameOrOptions: string | ModelOptions): CreatedModel;
export function createModel(nameOrOptions: string | ModelOptions): CreatedModel {
  const given: unknown = typeof nameOrOptions === 'string' ? findVariant(nameOrOptions).config : nameOrOptions;
  const name: unknown = typeof given === 'object' && given !== null && 'family' in given ? given.family : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(families, name)) throw unknownFamily(name);
  const family = families[name as FamilyName];
  const config = parseConfig('createModel', family.schema, given);
  const created = { config, module: familyOf(config).create(config) } as CreatedModel;
  expectPossible(created);
  return created;
}

/** More numbers than this are in no array of any device: 8 GB of them. */
const largestArray = 2 ** 31 - 1;

/** Sizes that are valid one by one may be too large together. */
function expectPossible({ config, module }: CreatedModel): void {
  const tooLarge = [...toNamed<Parameter>(module.spec)].find(([, { shape }]) => sizeOf(shape) > largestArray);
  if (tooLarge === undefined) return;
  const [name, { shape }] = tooLarge;
  throw new GmlpError(
    'invalid-config',
    `createModel: the sizes of the config make ${name} of shape [${shape.join(', ')}], ${sizeOf(shape)} numbers; an array holds at most ${largestArray}`,
    { family: config.family, name, shape },
  );
}

function unknownFamily(family: unknown): GmlpError {
  const nearest = typeof family === 'string' ? nearestName(family, familyNames) : undefined;
  const names = familyNames.map((name) => JSON.stringify(name)).join(', ');
  return new GmlpError(
    'invalid-config',
    `createModel: config.family must be ${familyNames.length > 1 ? 'one of ' : ''}${names}, got ${shown(family)}${nearest ? `; did you mean "${nearest}"?` : ''}`,
    { family, nearest },
  );
}
