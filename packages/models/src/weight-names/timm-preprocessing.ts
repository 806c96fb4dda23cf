/** What a picture goes through before a model that timm published, from the `pretrained_cfg` of its `config.json`. */
import { type ImagePreprocessing, imagenetNormalisation } from '@gmlp/vision';
import * as z from 'zod/mini';

const channels = z.tuple([z.number(), z.number(), z.number()]);

/** With timm's own defaults (`resolve_data_config`). */
const schema = z.looseObject({
  pretrained_cfg: z.looseObject({
    input_size: z.tuple([z.number(), z.int().check(z.positive()), z.int().check(z.positive())]),
    crop_pct: z._default(z.number().check(z.positive()), 0.875),
    crop_mode: z._default(z.literal('center'), 'center'),
    interpolation: z._default(z.enum(['bicubic', 'bilinear']), 'bicubic'),
    mean: z._default(channels, [...imagenetNormalisation.mean]),
    std: z._default(channels, [...imagenetNormalisation.deviation]),
  }),
  label_names: z.optional(z.array(z.string())),
  label_descriptions: z.optional(z.record(z.string(), z.string())),
});

/** Undefined where the config does not say it, or says what is not done here: another crop than the middle, pictures that are no squares. */
export function timmPreprocessing(config: unknown): ImagePreprocessing | undefined {
  const read = z.safeParse(schema, config);
  if (!read.success) return undefined;
  const { pretrained_cfg: told, label_names: names = [], label_descriptions: descriptions = {} } = read.data;
  const [, height, width] = told.input_size;
  if (height !== width || told.std.some((each) => !(each > 0))) return undefined;
  return {
    classes: names.map((id) => ({ id, name: descriptions[id] ?? id })),
    transform: {
      size: width,
      cropFraction: told.crop_pct,
      interpolation: told.interpolation,
      mean: told.mean,
      deviation: told.std,
    },
  };
}
