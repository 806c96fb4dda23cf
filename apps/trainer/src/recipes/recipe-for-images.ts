/** A recipe for images of one's own: a small gMLP, or any variant of the table, with settings that suit their number and size. */
import { stat } from 'node:fs/promises';
import { GmlpError, plainMessage } from '@gmlp/base';
import type { ImageSource } from '@gmlp/vision';
import { decodeImage, loadSharp, openImageSource } from '@gmlp/vision/node';
import type { ImagePlaces } from './image-places.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import type { RecipeModel } from './recipe-model.ts';

export interface ImageChoice extends ImagePlaces {
  /** By name; a small gMLP when left out. */
  readonly variant?: string | undefined;
  readonly name: string;
}

/** The part of the images that is held out. */
const heldOut = 0.1;

/** The paper's augmentation and loss (table 7) and AdamW; ten epochs in steps of 64 images, 500 steps at least. */
export async function recipeForImages({ path, validation, variant, name }: ImageChoice): Promise<Recipe> {
  const format = (await stat(path)).isDirectory() ? 'folder' : 'tar';
  const source = await openImageSource({ format, path }, { onBad: 'skip' });
  let small: boolean;
  try {
    expectClasses(source, path);
    small = variant === undefined && (await sideOf(source, path)) <= 64;
  } finally {
    await source.close();
  }
  const kept = validation === undefined ? 1 - heldOut : 1;
  const [batchSize, accumulate] = small ? [64, 1] : [16, 4];
  const steps = Math.max(500, Math.round((10 * kept * source.count) / (batchSize * accumulate)));
  const cropped = small
    ? { crop: 'padded', cropFraction: 1, flip: 'alternating' }
    : { policy: 'original', mixup: 0.8, cutmix: 1 };
  return parseRecipe(
    {
      ...{ name, task: 'image-classification', model: small ? smallModel : { variant: variant ?? 'gmlp_ti16_224' } },
      data: {
        ...{ format, path, ...(validation === undefined ? { heldOut } : { validation }) },
        ...{ classes: source.classes.length, ...cropped, labelSmoothing: 0.1 },
      },
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

function expectClasses({ classes }: ImageSource, path: string): void {
  if (classes.length > 1) return;
  const problem = `${path} has images of one class, ${classes[0]?.id}; expected a folder for each of two classes or more`;
  throw new GmlpError('invalid-data', problem, { path });
}

/** How many images are looked at: where so many are damaged, somebody should know. */
const looked = 20;

/** The longer side of the first image that can be read. */
async function sideOf(source: ImageSource, path: string): Promise<number> {
  const sharp = await loadSharp();
  let first: unknown;
  for (let index = 0; index < Math.min(looked, source.count); index++) {
    try {
      const { width, height } = await decodeImage(await source.read(index), sharp);
      return Math.max(width, height);
    } catch (error) {
      first ??= error;
    }
  }
  const problem = `none of the first ${Math.min(looked, source.count)} images of ${path} can be read: ${plainMessage(first)}`;
  throw new GmlpError('invalid-data', problem, { path }, { cause: first });
}
