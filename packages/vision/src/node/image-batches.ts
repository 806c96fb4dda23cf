/** Batches of transformed pictures, a few of them made ahead. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { type BadSample, badSampleOf } from '../bad-samples.ts';
import type { EpochPosition, OrderedSample } from '../epoch-order.ts';
import type { EncodedImage, ImageSource, SampleOrigin } from '../image-source.ts';
import type { ImagePool } from './image-pool.ts';
import type { ImageTransform } from './image-work.ts';

/** The label of a row whose picture could not be read: it counts in no loss. */
export const missingLabel = -100;

export interface ImageBatch {
  /** `[batch, size, size, 3]`, normalised; zeros where a picture could not be read. */
  readonly pictures: HostArray<'float32'>;
  /** `[batch]` */
  readonly labels: Int32Array;
  readonly from: readonly (SampleOrigin | undefined)[];
  /** Where the next batch begins. */
  readonly next: EpochPosition;
}

export interface ImageBatchesOptions {
  readonly batchSize: number;
  /** What each picture goes through. */
  readonly transform: ImageTransform;
  /** Batches that are made before they are asked for; 2 by default. Memory holds one more. */
  readonly ahead?: number | undefined;
  /** Hears of a picture that cannot be read, whose row is then missing; without it, that is an error. */
  readonly onBadSample?: ((bad: BadSample) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The last batch may be smaller. */
export async function* imageBatches(
  source: ImageSource,
  pool: ImagePool,
  samples: Iterable<OrderedSample>,
  { batchSize, transform, ahead = 2, onBadSample, signal }: ImageBatchesOptions,
): AsyncGenerator<ImageBatch, void, undefined> {
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new GmlpError('invalid-argument', `imageBatches: expected a batch size from 1, got ${batchSize}`, { batchSize });
  }
  const { size } = transform;
  const iterator = samples[Symbol.iterator]();
  const made: Promise<ImageBatch>[] = [];
  const begin = (): void => {
    const batch: OrderedSample[] = [];
    while (batch.length < batchSize) {
      const next = iterator.next();
      if (next.done) break;
      batch.push(next.value);
    }
    if (batch.length === 0) return;
    const making = batchOf(batch);
    // Its failure is heard when its turn comes, not before.
    making.catch(() => undefined);
    made.push(making);
  };
  const batchOf = async (batch: readonly OrderedSample[]): Promise<ImageBatch> => {
    const picture = size * size * 3;
    const values = new Float32Array(batch.length * picture);
    const labels = new Int32Array(batch.length).fill(missingLabel);
    const from = await Promise.all(
      batch.map(async (sample, row) => {
        try {
          const image: EncodedImage = await source.read(sample.index, { signal });
          await pool.transformed(image, sample, transform, values.subarray(row * picture, (row + 1) * picture));
          labels[row] = image.label;
          return image.from;
        } catch (error) {
          const bad = badSampleOf(error);
          if (bad === undefined || onBadSample === undefined) throw error;
          onBadSample(bad);
          return undefined;
        }
      }),
    );
    const pictures = hostArray('float32', [batch.length, size, size, 3], values);
    return { pictures, labels, from, next: batch.at(-1)!.next };
  };
  try {
    while (made.length < ahead + 1) {
      const before = made.length;
      begin();
      if (made.length === before) break;
    }
    for (let next = made.shift(); next !== undefined; next = made.shift()) {
      if (signal?.aborted) throw new GmlpError('aborted', 'imageBatches: stopped', {}, { cause: signal.reason });
      const batch = await next;
      begin();
      yield batch;
    }
  } finally {
    iterator.return?.();
    await Promise.allSettled(made);
  }
}
