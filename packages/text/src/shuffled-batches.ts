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
  /** Of several processes that share each batch: its rows from `rank` of `world` parts of it. All by default. */
  readonly share?: BatchShare;
}

export interface BatchShare {
  readonly rank: number;
  readonly world: number;
}

/**
 * Batches of `batchSize` indices below `count`: the same ones for any number of processes that share them. What does not fill a batch
 * at the end of an epoch is left out of it.
 */
export function* shuffledBatches(
  count: number,
  batchSize: number,
  key: Key,
  { from = { epoch: 0, batch: 0 }, epochs = Number.POSITIVE_INFINITY, share = { rank: 0, world: 1 } }: ShuffleOptions = {},
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
  const [first, end] = rowsOf(share, batchSize);
  for (; epoch < epochs; epoch++, batch = 0) {
    const order = indexPermutation(count, split(key, epoch));
    for (; batch < batches; batch++) {
      const next = batch + 1 < batches ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
      yield { indices: Float64Array.from({ length: end - first }, (_, row) => order(batch * batchSize + first + row)), next };
    }
  }
}

/** Equal parts but for one row. */
function rowsOf({ rank, world }: BatchShare, batchSize: number): readonly [first: number, end: number] {
  if (!Number.isInteger(rank) || !Number.isInteger(world) || rank < 0 || rank >= world || world > batchSize) {
    throw new GmlpError(
      'invalid-argument',
      `shuffledBatches: expected a rank from 0 and below world, and a row of the batch of ${batchSize} for each, got rank ${rank} of world ${world}`,
      { rank, world, batchSize },
    );
  }
  return [Math.floor((rank * batchSize) / world), Math.floor(((rank + 1) * batchSize) / world)];
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
