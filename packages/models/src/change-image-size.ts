/**
 * An image model made to see images of another size, as for fine-tuning at 384 pixels what was trained at 224.
 *
 * Only a ViT can: its positions, which stand in a square, are interpolated, as timm does it; the class and distillation tokens keep
 * theirs. In a gMLP, an MLP-Mixer and a ResMLP each weight over the tokens belongs to a pair of places of the image it was trained on,
 * and none of their papers says what another size makes of it.
 */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { type CreatedModel, createModel } from './create-model.ts';
import { familyOf, type ModelConfig, type ModelOptions } from './families.ts';
import { resampledGrid } from './resampled-grid.ts';

/** A model with its weights in the host's memory, as `loadPretrained` gives it. */
export interface ImageModelWeights {
  readonly config: ModelConfig;
  readonly params: object;
}

export type ResizedModel = CreatedModel & { readonly params: object };

/**
 * The same model for images of `imageSize` pixels; what does not change is shared with the old one.
 *
 * Errors: `invalid-argument` for a model that cannot change its size, and for a size that its patches do not fill.
 */
export function changeImageSize({ config, params }: ImageModelWeights, imageSize: number): ResizedModel {
  const { grid } = familyOf(config).facts(config);
  if (grid === undefined || !('imageSize' in config)) {
    throw new GmlpError('invalid-argument', `changeImageSize: expected a model of images, got a ${config.family}`, {
      family: config.family,
    });
  }
  const { patchSize } = config;
  if (!Number.isSafeInteger(imageSize) || imageSize < patchSize || imageSize % patchSize !== 0) {
    throw new GmlpError(
      'invalid-argument',
      `changeImageSize: expected a size that patches of ${patchSize} pixels fill, got ${imageSize}`,
      { imageSize, patchSize },
    );
  }
  const created = createModel({ ...config, imageSize } as ModelOptions);
  if (imageSize === config.imageSize) return { ...created, params };
  if (config.family !== 'vit') {
    throw new GmlpError(
      'invalid-argument',
      `changeImageSize: a ${config.family} sees images of ${config.imageSize} pixels alone, as its weights over the ${grid ** 2} patches belong to their places; train it at that size, or take a ViT`,
      { family: config.family, imageSize },
    );
  }
  const { positions, ...rest } = params as { readonly positions: HostArray };
  return { ...created, params: { ...rest, positions: resampledPositions(positions, grid, imageSize / patchSize) } };
}

/** `[leading + grid^2, channels]` to `[leading + side^2, channels]`. */
function resampledPositions({ data, shape }: HostArray, grid: number, side: number): HostArray<'float32'> {
  const [tokens, channels] = shape as [number, number];
  const leading = tokens - grid ** 2;
  const values = data as Float32Array;
  const result = new Float32Array((leading + side ** 2) * channels);
  result.set(values.subarray(0, leading * channels));
  result.set(resampledGrid(values.subarray(leading * channels), grid, side, channels), leading * channels);
  return hostArray('float32', [leading + side ** 2, channels], result);
}
