/** Batches to train on, of which number b has the same content in every run, wherever the run begins, and to measure on. */
import { GmlpError, type HostArray, hostArray, type Key, split } from '@gmlp/base';
import type { HostBatch } from '@gmlp/training';
import {
  drawnMix,
  type EvaluationTransform,
  epochOrder,
  type ImageSource,
  mixPictures,
  type OrderedSample,
  samplesInOrder,
} from '@gmlp/vision';
import { type ImageBatch, type ImageBatchesOptions, type ImagePool, type ImageTransform, imageBatches } from '@gmlp/vision/node';
import type { ImageData } from './image-data.ts';
import type { ImageClasses } from './image-objective.ts';

export type ImageHostBatch = HostBatch<ImageClasses, undefined>;

export interface TrainingBatchesOptions {
  readonly batchSize: number;
  readonly transform: ImageTransform;
  readonly key: Key;
  readonly first: number;
  readonly onBadSample?: ImageBatchesOptions['onBadSample'];
}

/** Endless. What does not fill a batch at the end of an epoch is left out of it. */
export async function* imageTrainingBatches(
  source: ImageSource,
  pool: ImagePool,
  data: Pick<ImageData, 'mixup' | 'cutmix' | 'switchProbability' | 'repeats'>,
  { batchSize, transform, key, first, onBadSample }: TrainingBatchesOptions,
): AsyncGenerator<ImageHostBatch> {
  const samples = endless(source, split(key, 'order'), batchSize, first, data.repeats);
  const square = { width: transform.size, height: transform.size };
  let number = first;
  let [seen, readable] = [0, 0];
  for await (const batch of imageBatches(source, pool, samples, { batchSize, transform, onBadSample })) {
    seen += batch.labels.length;
    readable += readableOf(batch.labels);
    // An epoch, and not the few that a batch happens to have.
    if (readable === 0 && seen > source.count - batchSize) throw noneReadable('to train on');
    const mix = drawnMix(square, data, split(split(key, 'mix'), number++));
    // The batch is nobody else's: it is mixed where it lies.
    mixPictures(batch.pictures.data as Float32Array, square, mix);
    yield hostBatch(batch, mix.share);
  }
}

function hostBatch({ pictures, labels }: Pick<ImageBatch, 'pictures' | 'labels'>, share: number): ImageHostBatch {
  const classes = (data: Int32Array): HostArray<'int32'> => hostArray('int32', [data.length], data);
  return {
    tensors: {
      image: pictures,
      labels: classes(labels),
      others: classes(Int32Array.from(labels).reverse()),
      share: hostArray('float32', [], Float32Array.of(share)),
    },
    units: readableOf(labels),
    about: undefined,
  };
}

const readableOf = (labels: Int32Array): number => labels.reduce((count, label) => (label < 0 ? count : count + 1), 0);

const noneReadable = (which: string): GmlpError =>
  new GmlpError('invalid-data', `not one of the images ${which} can be read; all of them were left out`);

/** Images of an evaluation at a time. */
const measuredAtOnce = 64;

export const evaluationBatchCount = ({ count }: Pick<ImageSource, 'count'>): number => Math.ceil(count / measuredAtOnce);

/** All images once, in their order; figures of none would say nothing. */
export async function* imageEvaluationBatches(
  source: ImageSource,
  pool: ImagePool,
  evaluation: EvaluationTransform,
  onBadSample: ImageBatchesOptions['onBadSample'],
): AsyncGenerator<ImageHostBatch> {
  const transform = { kind: 'evaluation', ...evaluation } as const;
  const samples = samplesInOrder(source, null, { epochs: 1 });
  const options = { batchSize: measuredAtOnce, transform, onBadSample };
  let readable = 0;
  for await (const batch of imageBatches(source, pool, samples, options)) {
    readable += readableOf(batch.labels);
    yield hostBatch(batch, 1);
  }
  if (readable === 0) throw noneReadable('to measure on');
}

function* endless(source: ImageSource, key: Key, batchSize: number, first: number, repeats: number): Generator<OrderedSample> {
  const batches = Math.floor(source.count / batchSize);
  let epoch = Math.floor(first / batches);
  let place = (first % batches) * batchSize;
  for (; ; epoch++, place = 0) {
    const order = epochOrder(source, key, epoch);
    for (; place < batches * batchSize; place++) {
      const next = place + 1 < batches * batchSize ? { epoch, place: place + 1 } : { epoch: epoch + 1, place: 0 };
      yield { index: order(Math.floor(place / repeats)), epoch, place, next };
    }
  }
}
