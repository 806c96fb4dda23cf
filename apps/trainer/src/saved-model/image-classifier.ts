/** What a saved model of images finds likely, picture by picture. */
import { expectScores, type HostArray, hostArray, probabilitiesOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import type { Tensor } from '@tensorflow/tfjs-core';
import { imageScores } from '../tasks/images/image-scores.ts';
import type { LoadedImageModel } from './load-image-model.ts';

export interface ImageClassifier {
  /** The probability of each class for each picture, which are values `[size, size, 3]` as `transform` of the model makes them. */
  probabilities(pictures: readonly Float32Array[]): Promise<readonly Float64Array[]>;
  /** Frees the parameters on the device and what was compiled; a later call is an error. */
  dispose(): Promise<void>;
}

export interface ImageClassifierOptions {
  /** Test-time flip: the mean of the probabilities of a picture and of its mirror image. */
  readonly flip?: boolean;
}

/** Compiles once for each number of pictures, and puts the parameters on the device once. */
export function imageClassifier(
  device: Device,
  { apply, params: values, transform: { size }, classes }: LoadedImageModel,
  { flip = false }: ImageClassifierOptions = {},
): ImageClassifier {
  const scores = device.compile(imageScores({ apply }, flip));
  const params = device.put<unknown>(values);
  const ofBatch = async (pictures: readonly Float32Array[]): Promise<readonly Float64Array[]> => {
    const batch = new Float32Array(pictures.length * size * size * 3);
    for (const [row, picture] of pictures.entries()) batch.set(picture, row * size * size * 3);
    const image = device.put<Tensor>(hostArray('float32', [pictures.length, size, size, 3], batch));
    try {
      const logits = await scores(params, image);
      try {
        return rowsOf(await device.read(logits), classes.length);
      } finally {
        disposeTree(logits);
      }
    } finally {
      disposeTree(image);
    }
  };
  return {
    probabilities: ofBatch,
    async dispose() {
      disposeTree(params);
      await scores.dispose();
    },
  };
}

function rowsOf({ data }: HostArray, classes: number): Float64Array[] {
  return Array.from({ length: data.length / classes }, (_, row) => {
    const logits = data.subarray(row * classes, (row + 1) * classes);
    expectScores('imageClassifier', logits);
    return probabilitiesOf(logits);
  });
}
