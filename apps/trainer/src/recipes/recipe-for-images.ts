/** A recipe for images of one's own: a small gMLP, any variant of the table, or a trained model, with settings that suit their number and size. */
import { stat } from 'node:fs/promises';
import { GmlpError, plainMessage } from '@gmlp/base';
import type { PretrainedModel } from '@gmlp/models';
import type { ImageSource } from '@gmlp/vision';
import { decodeImage, loadSharp, openImageSource } from '@gmlp/vision/node';
import { normalisations } from '../tasks/images/image-data.ts';
import { taskFor } from '../tasks/table.ts';
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

/** How images of a kind are trained on. */
interface Manner {
  readonly model: RecipeModel;
  readonly from?: string;
  readonly data: object;
  readonly peakRate: number;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly epochs: number;
  readonly fewestSteps: number;
}

/** The paper's augmentation and loss (table 7) and AdamW; ten epochs in steps of 64 images, 500 steps at least. */
export async function recipeForImages({ variant, name, ...places }: ImageChoice): Promise<Recipe> {
  return withSource(places.path, async (source) => {
    const small = variant === undefined && (await sideOf(source, places)) <= 64;
    return recipeOf(variant ?? name, name, places, source, small ? smallManner : largeManner(variant ?? 'gmlp_ti16_224'));
  });
}

/** The body of a trained model, and a head anew: a fifth of the rate, half of the epochs, images prepared as the model knows them. */
export async function recipeForTrained(
  { from, name, ...places }: Omit<ImageChoice, 'variant'> & { readonly from: string },
  { config, preprocessing }: Pick<PretrainedModel, 'config'> & Pick<PretrainedModel<'gmlp-vision'>, 'preprocessing'>,
): Promise<Recipe> {
  if (taskFor(config) !== 'image-classification') {
    throw new GmlpError('invalid-argument', `--from ${from}: expected a model of images, got a ${config.family}`, { from });
  }
  if (preprocessing === undefined) {
    throw new GmlpError(
      'not-found',
      `--from ${from}: the model does not say what its images go through (preprocessing.json, or pretrained_cfg of timm); write a recipe with from and data.normalisation instead`,
      { from },
    );
  }
  const { head: _, ...model } = config as typeof config & { readonly head: object };
  const { cropFraction, mean, deviation } = preprocessing.transform;
  const known = Object.entries(normalisations).find(
    ([, each]) => JSON.stringify([each.mean, each.deviation]) === JSON.stringify([mean, deviation]),
  );
  if (known === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `--from ${from}: the model normalises by mean ${mean.join(', ')} and deviation ${deviation.join(', ')}; a recipe knows ${Object.keys(normalisations).join(' and ')}`,
      { from },
    );
  }
  return withSource(places.path, (source) =>
    recipeOf(from, name, places, source, {
      model: model as RecipeModel,
      from,
      ...{ peakRate: 1e-4, batchSize: 16, accumulate: 4, epochs: 5, fewestSteps: 200 },
      data: { normalisation: known[0], cropFraction, policy: 'original', smallestArea: 0.3 },
    }),
  );
}

const smallManner: Manner = {
  // For pictures as small as CIFAR's.
  model: { family: 'gmlp-vision', imageSize: 32, patchSize: 4, channels: 96, hiddenChannels: 384, layers: 8 },
  data: { crop: 'padded', cropFraction: 1, flip: 'alternating' },
  ...{ peakRate: 2e-3, batchSize: 64, accumulate: 1, epochs: 10, fewestSteps: 500 },
};

const largeManner = (variant: string): Manner => ({
  model: { variant },
  data: { policy: 'original', mixup: 0.8, cutmix: 1 },
  ...{ peakRate: 5e-4, batchSize: 16, accumulate: 4, epochs: 10, fewestSteps: 500 },
});

async function withSource(path: string, make: (source: FormattedSource) => Promise<Recipe> | Recipe): Promise<Recipe> {
  const format = (await stat(path)).isDirectory() ? 'folder' : 'tar';
  const source = await openImageSource({ format, path }, { onBad: 'skip' });
  try {
    expectClasses(source, path);
    return await make({ ...source, format });
  } finally {
    await source.close();
  }
}

type FormattedSource = ImageSource & { readonly format: 'folder' | 'tar' };

function recipeOf(
  about: string,
  name: string,
  { path, validation }: ImagePlaces,
  { format, count, classes }: FormattedSource,
  manner: Manner,
): Recipe {
  const { model, from, data, peakRate, batchSize, accumulate, epochs, fewestSteps } = manner;
  const [held, trained] = validation === undefined ? [{ heldOut }, 1 - heldOut] : [{ validation }, 1];
  const steps = Math.max(fewestSteps, Math.round((epochs * trained * count) / (batchSize * accumulate)));
  return parseRecipe(
    {
      ...{ name, task: 'image-classification', model, ...(from !== undefined && { from }) },
      data: { format, path, ...held, classes: classes.length, ...data, labelSmoothing: 0.1 },
      optimiser: {
        ...{ peakRate, warmupSteps: Math.round(steps / 10), decay: 'cosine' },
        ...{ weightDecay: 0.05, epsilon: 1e-6, clipNorm: 1 },
      },
      ...{ steps, batchSize, accumulate },
      evaluation: { every: Math.ceil(steps / 10) },
      checkpoints: { every: Math.ceil(steps / 10) },
    },
    about,
  );
}

function expectClasses({ classes }: ImageSource, path: string): void {
  if (classes.length > 1) return;
  const problem = `${path} has images of one class, ${classes[0]?.id}; expected a folder for each of two classes or more`;
  throw new GmlpError('invalid-data', problem, { path });
}

/** How many images are looked at: where so many are damaged, somebody should know. */
const looked = 20;

/** The longer side of the first image that can be read. */
async function sideOf(source: ImageSource, { path }: ImagePlaces): Promise<number> {
  const sharp = await loadSharp();
  const most = Math.min(looked, source.count);
  let first: unknown;
  for (let index = 0; index < most; index++) {
    try {
      const { width, height } = await decodeImage(await source.read(index), sharp);
      return Math.max(width, height);
    } catch (error) {
      first ??= error;
    }
  }
  const problem = `none of the first ${most} images of ${path} can be read: ${plainMessage(first)}`;
  throw new GmlpError('invalid-data', problem, { path }, { cause: first });
}
