/** The likeliest classes of many images, in their order: while the device computes, the next images are decoded. */
import { GmlpError, indicesOfLargest, plainMessage } from '@gmlp/base';
import { badSampleOf, type ImageClass } from '@gmlp/vision';
import type { ImagePool, ImageTransform } from '@gmlp/vision/node';
import type { ImageClassifier } from '../saved-model/image-classifier.ts';
import type { LoadedImageModel } from '../saved-model/load-image-model.ts';
import type { ListedImage } from './listed-images.ts';

export interface LikelyClass extends ImageClass {
  readonly probability: number;
}

/** What is said of one image: its likeliest classes, or why it could not be read. */
export type Prediction =
  | { readonly image: string; readonly classes: readonly LikelyClass[] }
  | { readonly image: string; readonly error: string };

export interface PredictImagesOptions {
  readonly pool: ImagePool;
  readonly classifier: ImageClassifier;
  /** How many classes of each image. */
  readonly top: number;
  readonly signal: AbortSignal;
}

/** Images that go through the model at once. So many are in memory, and as many that are read meanwhile. */
const atOnce = 16;

export async function* predictImages(
  images: AsyncIterable<ListedImage>,
  { transform, classes }: Pick<LoadedImageModel, 'transform' | 'classes'>,
  { pool, classifier, top, signal }: PredictImagesOptions,
): AsyncGenerator<Prediction, void, undefined> {
  const evaluation = { kind: 'evaluation', ...transform } as const;
  for await (const group of oneAhead(readInGroups(images, pool, evaluation, signal))) {
    if (signal.aborted) throw new GmlpError('aborted', 'predict: stopped', {}, { cause: signal.reason });
    const pictures = group.flatMap((each) => ('values' in each ? [each.values] : []));
    const rows = pictures.length === 0 ? [] : await classifier.probabilities(pictures);
    let row = 0;
    for (const each of group) {
      if ('error' in each) yield each;
      else {
        const shares = rows[row++]!;
        const likeliest = indicesOfLargest(shares, top);
        yield {
          image: each.image,
          classes: likeliest.map((index) => ({ ...classes[index]!, probability: shares[index]! })),
        };
      }
    }
  }
}

type ReadPicture = { readonly image: string; readonly values: Float32Array } | { readonly image: string; readonly error: string };

async function* readInGroups(
  images: AsyncIterable<ListedImage>,
  pool: ImagePool,
  transform: ImageTransform,
  signal: AbortSignal,
): AsyncGenerator<readonly ReadPicture[], void, undefined> {
  const valuesOf = async ({ name: image, read }: ListedImage): Promise<ReadPicture> => {
    try {
      return { image, values: await pool.transformed(await read(signal), anySample, transform) };
    } catch (error) {
      if (!GmlpError.isInstance(error) || error.code === 'aborted') throw error;
      const bad = badSampleOf(error);
      return { image, error: bad === undefined ? plainMessage(error) : `${bad.reason} (${bad.detail})` };
    }
  };
  let group: ListedImage[] = [];
  for await (const image of images) {
    if (group.push(image) < atOnce) continue;
    yield Promise.all(group.map(valuesOf));
    group = [];
  }
  if (group.length > 0) yield Promise.all(group.map(valuesOf));
}

/** An evaluation does the same to all. */
const anySample = { index: 0, epoch: 0, place: 0 };

/** The same items; the next one is asked for when one is given. */
async function* oneAhead<Item>(items: AsyncGenerator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
  const ask = (): Promise<IteratorResult<Item, void>> => {
    const asked = items.next();
    asked.catch(() => undefined); // heard when its turn comes
    return asked;
  };
  let asked = ask();
  try {
    for (;;) {
      const { done, value } = await asked;
      if (done) return;
      asked = ask();
      yield value as Item;
    }
  } finally {
    await asked.catch(() => undefined);
    await items.return();
  }
}
