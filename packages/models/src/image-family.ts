/** The row of a family that classifies images: one input, `image`; parameters and products are counted with the head. */
import type { Module } from '@gmlp/layers';
import type * as z from 'zod/mini';
import type { Family, Forward } from './family.ts';
import type { ImageChoices, ImageSizes } from './image-config.ts';

type ImageConfig = Pick<ImageSizes, 'imageSize'> & Pick<ImageChoices, 'inputChannels'>;

export function imageFamily<Config extends ImageConfig, Options, Params>(
  schema: z.ZodMiniType<Config, Options>,
  create: (config: Config) => Module<Params>,
): Family<Config, Options, Module<Params>> {
  const forward = (config: Config): Forward => {
    const { spec, apply } = create(config);
    return { spec, apply: (params, { image }, context) => apply(params as Params, image!, context) };
  };
  return {
    schema,
    create,
    inputs: ({ imageSize, inputChannels }) => ({
      image: { dtype: 'float32', shape: ['batch', imageSize, imageSize, inputChannels] },
    }),
    forward,
    counted: forward,
  };
}
