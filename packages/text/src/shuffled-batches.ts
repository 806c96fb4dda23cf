/**
 * The order in which examples are seen: each epoch is a random permutation of all of them (`indexPermutation`), drawn from the key
 * and the epoch's number alone. So a position is two numbers, going on from it gives the batches that would have come, and no list
 * of the examples is kept however many there are.
 */
import { GmlpError, indexPermutation, type Key, split } from '@gmlp/base';

export interface BatchPosition {
  readonly epoch: number;
  readonly batch: number;
}

export interface IndexBatch {
  /** As float64, which holds the number of any example. */
  readonly indices: Float64Array;
  /** Where the next batch is: pass it as `from` to go on after this one. */
  readonly next: BatchPosition;
}

export interface ShuffleOptions {
  readonly from?: BatchPosition;
  /** How many epochs there are; endless by default. */
  readonly epochs?: number;
}

/** Batches of `batchSize` indices below `count`. What does not fill a batch at the end of an epoch is left out of it. */
export function* shuffledBatches(
  count: number,
  batchSize: number,
  key: Key,
  { from = { epoch: 0, batch: 0 }, epochs = Number.POSITIVE_INFINITY }: ShuffleOptions = {},
): Generator<IndexBatch, void, undefined> {
  const batches = batchesOfAnEpoch(count, batchSize);
  let { epoch, batch } = from;
  if (!Number.isInteger(epoch) || !Number.isInteger(batch) || epoch < 0 || batch < 0 || batch > batches) {
    throw new GmlpError(
      'invalid-argument',
      `shuffledBatches: there is no batch ${batch} in epoch ${epoch}; an epoch has ${batches}. Resume with the same examples and batch size`,
      { ...from, batches },
    );
  }
  for (; epoch < epochs; epoch++, batch = 0) {
    const order = indexPermutation(count, split(key, epoch));
    for (; batch < batches; batch++) {
      const next = batch + 1 < batches ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
      yield { indices: Float64Array.from({ length: batchSize }, (_, row) => order(batch * batchSize + row)), next };
    }
  }
}

/** The position of batch `number`, counted from 0 through all epochs: what a run begins with that has seen so many. */
export function batchPosition(number: number, count: number, batchSize: number): BatchPosition {
  const batches = batchesOfAnEpoch(count, batchSize);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new GmlpError('invalid-argument', `batchPosition: expected the number of a batch from 0, got ${number}`, { number });
  }
  return { epoch: Math.floor(number / batches), batch: number % batches };
}

function batchesOfAnEpoch(count: number, batchSize: number): number {
  const batches = Math.floor(count / batchSize);
  if (Number.isInteger(count) && Number.isInteger(batchSize) && batchSize >= 1 && batches >= 1) return batches;
  throw new GmlpError(
    'invalid-argument',
    `shuffledBatches: expected a batch size from 1 to the number of examples, got ${batchSize} of ${count}; take a smaller batch or more text`,
    { count, batchSize },
  );
}
