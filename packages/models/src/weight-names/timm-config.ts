/**
 * The config of a model that timm published, from the `config.json` beside its weights on the Hugging Face Hub: the variant
 * that `architecture` names, with as many classes as `num_classes` says.
 */
import { GmlpError, nearestName } from '@gmlp/base';
import * as z from 'zod/mini';
import type { OptionsOf } from '../families.ts';
import { parseConfig, shown } from '../parse-config.ts';
import { variantsOf } from '../variants.ts';
import type { TimmConfig } from './timm.ts';

/** What matters to us; the rest (preprocessing, licences, ...) may be anything. */
const schema = z.looseObject({
  architecture: z.string(),
  num_classes: z._default(z.int().check(z.positive()), 1000),
  global_pool: z.optional(z.nullable(z.string())),
  model_args: z.optional(z.record(z.string(), z.unknown())),
});

const families = ['gmlp-vision', 'mixer-vision', 'resmlp', 'vit'] as const satisfies readonly TimmConfig['family'][];

/** What our models of a family put before the head, in timm's words: the mean of the tokens, or the class token. */
const pooling: Readonly<Record<TimmConfig['family'], string>> = {
  'gmlp-vision': 'avg',
  'mixer-vision': 'avg',
  resmlp: 'avg',
  vit: 'token',
};

export function timmOptions(config: unknown): OptionsOf<TimmConfig['family']> {
  const {
    architecture,
    num_classes: classes,
    global_pool: pool,
    model_args: changes = {},
  } = parseConfig('timmOptions', schema, config);
  if (Object.keys(changes).length > 0) {
    throw new GmlpError(
      'invalid-config',
      `timmOptions: the model changes its architecture by model_args ${shown(changes)}; write its config by hand and pass it to createModel`,
      { architecture, changes },
    );
  }
  const known = families.flatMap((family) => variantsOf(family));
  const found = known.find(({ name }) => name === architecture);
  if (found) {
    const { family } = found.config;
    if (pool === undefined || pool === null || pool === pooling[family]) return { ...found.config, head: { classes } };
    throw new GmlpError(
      'invalid-config',
      `timmOptions: the model pools by global_pool ${shown(pool)}; a ${architecture} of ours pools by ${shown(pooling[family])}, so its scores would be others`,
      { architecture, expected: pooling[family], got: pool },
    );
  }
  const names = known.map(({ name }) => name);
  const nearest = nearestName(architecture, names);
  throw new GmlpError(
    'not-found',
    `timmOptions: there is no model for the architecture "${architecture}"${nearest ? `; the nearest is ${nearest}` : ''}\n  known: ${names.join(', ')}`,
    { architecture, nearest, known: names },
  );
}
