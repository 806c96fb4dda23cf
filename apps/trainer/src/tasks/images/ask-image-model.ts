/** Judges the held-out images of a finished run once more, and keeps what a report shows of that. */
import { key, split } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import { type ImageSource, samplesInOrder } from '@gmlp/vision';
import { type ImagePool, imageBatches, missingLabel, openImagePool } from '@gmlp/vision/node';
import type { ImageAnswers } from '../../report/image-answers.ts';
import { imageClassifier } from '../../saved-model/image-classifier.ts';
import { type LoadedImageModel, loadImageModel } from '../../saved-model/load-image-model.ts';
import type { AnswersOf } from '../task.ts';
import type { ImageData } from './image-data.ts';
import { imageTrainingBatches } from './image-host-batches.ts';
import { openImageParts } from './image-parts.ts';
import { type Judgements, judgements } from './judgements.ts';
import { trainingTransformOf } from './prepare-images.ts';
import { smallPictureOf, smallPictureOfValues } from './small-pictures.ts';

/** Pictures that are shown. */
const most = { worst: 24, samples: 24 };
/** Images that are judged at a time. */
const atOnce = 32;

export async function askImageModel(asked: AnswersOf<ImageData>): Promise<ImageAnswers> {
  const { folder, data, seed } = asked;
  const model = await loadImageModel(asked.model);
  const heldOut = split(key(seed), 'held out');
  const parts = await openImageParts(data, { folder, key: heldOut, onProgress: nothing, onBad: nothing });
  const pool = openImagePool();
  try {
    const { classes, confusions, worst } = await judged(parts.validation, pool, model, asked);
    return {
      classes: classes().map((each, label) => ({ name: model.classes[label]!.name, ...each })),
      confusions: confusions(),
      worst: await Promise.all(
        worst().map(async ({ index, ...each }) => ({ ...each, picture: await smallPictureOf(parts.validation, index) })),
      ),
      samples: await trainingSamples(parts.training, pool, model, asked),
    };
  } finally {
    await pool.close();
    await parts.close();
  }
}

/** What cannot be read was told of in training. */
const nothing = (): void => undefined;

async function judged(
  images: ImageSource,
  pool: ImagePool,
  model: LoadedImageModel,
  { device: name, signal }: Pick<AnswersOf<ImageData>, 'device' | 'signal'>,
): Promise<Judgements> {
  const found = judgements(model.classes.length, most.worst);
  const device = await openDevice(name);
  const classifier = imageClassifier(device, model);
  try {
    const samples = samplesInOrder(images, null, { epochs: 1 });
    const transform = { kind: 'evaluation', ...model.transform } as const;
    let first = 0;
    for await (const { pictures, labels } of imageBatches(images, pool, samples, {
      ...{ batchSize: atOnce, transform, onBadSample: nothing, signal },
    })) {
      const rows = await classifier.probabilities(rowsOf(pictures.data as Float32Array, labels.length));
      for (const [row, label] of labels.entries())
        if (label !== missingLabel) found.add({ index: first + row, label, shares: rows[row]! });
      first += labels.length;
    }
    return found;
  } finally {
    await classifier.dispose();
    await device.dispose();
  }
}

/** The first batch of the run, mixed and all. */
async function trainingSamples(
  images: ImageSource,
  pool: ImagePool,
  { transform: { size } }: Pick<LoadedImageModel, 'transform'>,
  { data, seed, batchSize }: Pick<AnswersOf<ImageData>, 'data' | 'seed' | 'batchSize'>,
): Promise<string[]> {
  const training = trainingTransformOf(data, size);
  const transform = { kind: 'training', seed, ...training } as const;
  const options = { batchSize, transform, key: split(key(seed), 'batches'), first: 0, onBadSample: nothing };
  for await (const { tensors } of imageTrainingBatches(images, pool, data, options)) {
    const { shape, data: values } = tensors.image;
    const rows = rowsOf(values as Float32Array, shape[0]!).slice(0, most.samples);
    return Promise.all(rows.map((row) => smallPictureOfValues(row, size, training)));
  }
  return [];
}

function rowsOf(values: Float32Array, count: number): Float32Array[] {
  const each = values.length / count;
  return Array.from({ length: count }, (_, row) => values.subarray(row * each, (row + 1) * each));
}
