/**
 * The order in which examples are seen: each epoch is a fair permutation of all of them (Fisher and Yates), drawn from the key
 * and the epoch's number alone. So a position is two numbers, and going on from it gives the batches that would have come.
 */
import { GmlpError, type Key, randomWords, split } from '@gmlp/base';

export interface BatchPosition {
  readonly epoch: number;
  readonly batch: number;
}

export interface IndexBatch {
  readonly indices: Int32Array;
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
    const order = permutation(count, split(key, epoch));
    for (; batch < batches; batch++) {
      const next = batch + 1 < batches ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
      yield { indices: order.slice(batch * batchSize, (batch + 1) * batchSize), next };
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

/** The numbers below `count` in a random order. */
export function permutation(count: number, key: Key): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const words = randomWords(key, count);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor((words[i]! / 2 ** 32) * (i + 1));
    const taken = order[other]!;
    order[other] = order[i]!;
    order[i] = taken;
  }
  return order;
}
