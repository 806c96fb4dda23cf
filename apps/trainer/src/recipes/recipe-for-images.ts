/** A recipe for images of one's own: a small gMLP, or any variant of the table, with settings that suit their number and size. */
import { stat } from 'node:fs/promises';
import type { ImageSource } from '@gmlp/vision';
import { decodeImage, loadSharp, openImageSource } from '@gmlp/vision/node';
import { parseRecipe, type Recipe } from './recipe.ts';
import type { RecipeModel } from './recipe-model.ts';

export interface ImageChoice {
  /** A folder with a folder for each class, or a tar of one. */
  readonly path: string;
  /** By name; a small gMLP when left out. */
  readonly variant?: string | undefined;
  readonly name: string;
}

/** The part of the images that is held out. */
const heldOut = 0.1;

/** The paper's augmentation and loss (table 7) and AdamW; ten epochs in steps of 64 images, 500 steps at least. */
export async function recipeForImages({ path, variant, name }: ImageChoice): Promise<Recipe> {
  const format = (await stat(path)).isDirectory() ? 'folder' : 'tar';
  const source = await openImageSource({ format, path }, { onBad: 'skip' });
  const small = variant === undefined && (await sideOf(source)) <= 64;
  await source.close();
  const [batchSize, accumulate] = small ? [64, 1] : [16, 4];
  const steps = Math.max(500, Math.round((10 * (1 - heldOut) * source.count) / (batchSize * accumulate)));
  const cropped = small
    ? { crop: 'padded', cropFraction: 1, flip: 'alternating' }
    : { policy: 'original', mixup: 0.8, cutmix: 1 };
  return parseRecipe(
    {
      ...{ name, task: 'image-classification', model: small ? smallModel : { variant: variant ?? 'gmlp_ti16_224' } },
      data: { format, path, heldOut, classes: source.classes.length, ...cropped, labelSmoothing: 0.1 },
      optimiser: {
        ...{ peakRate: small ? 2e-3 : 5e-4, warmupSteps: Math.round(steps / 10), decay: 'cosine' },
        ...{ weightDecay: 0.05, epsilon: 1e-6, clipNorm: 1 },
      },
      ...{ steps, batchSize, accumulate },
      evaluation: { every: Math.ceil(steps / 10) },
      checkpoints: { every: Math.ceil(steps / 10) },
    },
    variant ?? name,
  );
}

/** For pictures as small as CIFAR's. */
const smallModel = {
  family: 'gmlp-vision',
  ...{ imageSize: 32, patchSize: 4, channels: 96, hiddenChannels: 384, layers: 8 },
} as const satisfies RecipeModel;

/** The longer side of the first image. */
async function sideOf(source: ImageSource): Promise<number> {
  const { width, height } = await decodeImage(await source.read(0), await loadSharp());
  return Math.max(width, height);
}
