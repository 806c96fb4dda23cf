/** What an image goes through before a model, and what the model's classes are called, where its files do not say all of that. */
import { GmlpError } from '@gmlp/base';
import { type ImagePreprocessing, inceptionNormalisation } from '@gmlp/vision';

/** What a model takes and tells apart. */
export interface ImageModelSizes {
  readonly imageSize: number;
  readonly classes: number;
}

/**
 * `known` is what `loadModelFiles` found. Without it images are cropped and normalised as those that timm's gMLP and Mixer were trained with;
 * classes are named by the lines of a `labels.txt`, by what is known, or by number.
 */
export function completePreprocessing(
  known: ImagePreprocessing | undefined,
  labels: string | undefined,
  { imageSize, classes: count }: ImageModelSizes,
): ImagePreprocessing {
  const { transform = usual(imageSize), classes = [] } = known ?? {};
  if (transform.size !== imageSize) {
    throw new GmlpError(
      'invalid-data',
      `The model takes images of ${imageSize} pixels, but its files make them of ${transform.size}: they are of different models.`,
    );
  }
  const listed = labels?.split(/\r?\n/).filter((line) => line.trim() !== '');
  const named = listed?.map((name) => ({ id: name, name })) ?? classes;
  if (named.length === count) return { transform, classes: named };
  if (named.length === 0) return { transform, classes: Array.from({ length: count }, (_, at) => numbered(at)) };
  throw new GmlpError('invalid-data', `The model tells ${count} classes apart, but ${named.length} names are given for them.`);
}

const usual = (size: number): ImagePreprocessing['transform'] => ({
  size,
  cropFraction: 0.875,
  interpolation: 'bicubic',
  ...inceptionNormalisation,
});

const numbered = (at: number): ImagePreprocessing['classes'][number] => ({ id: `${at}`, name: `class ${at}` });
