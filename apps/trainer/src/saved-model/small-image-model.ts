/** For tests: the directory of a small gMLP for images with random weights, and pictures to ask it of. */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { type ModelDirectory, writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { type EvaluationTransform, imagenetNormalisation } from '@gmlp/vision';
import sharp from 'sharp';
import { imagePreprocessing } from '../tasks/images/preprocessing.ts';

export const smallTransform: EvaluationTransform = {
  size: 16,
  cropFraction: 0.875,
  interpolation: 'bicubic',
  ...imagenetNormalisation,
};

export const smallClasses = ['cat', 'dog', 'tench, Tinca tinca'].map((name, label) => ({ id: `n${label}`, name }));

export async function writeSmallImageModel(directory: string, { classes = smallClasses } = {}): Promise<ModelDirectory> {
  const { config, module } = createModel({
    family: 'gmlp-vision',
    ...{ imageSize: 16, patchSize: 4, channels: 8, hiddenChannels: 16, layers: 1 },
    head: { classes: 3 },
  });
  const initial = toNamed<HostArray>(initialValues(module.spec, key(0)));
  const tensors = new Map(
    Array.from(initial, ([name, { shape }]) => [
      name,
      hostArray('float32', shape, randomNormal(split(key(1), name), sizeOf(shape))),
    ]),
  );
  const preprocessing = imagePreprocessing({ classes }, smallTransform).get('preprocessing.json')!;
  const model = { config, tensors, preprocessing };
  await writeModelDirectory(directory, model);
  return model;
}

/** A PNG of colors that differ from left to right; `seed` gives another picture. */
export async function writePicture(path: string, seed = 1, { width = 24, height = 20 } = {}): Promise<void> {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++)
        data[(y * width + x) * 3 + channel] = (seed * 40 + x * (9 + channel) + y * 5 * channel) % 256;
    }
  }
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(path);
}
