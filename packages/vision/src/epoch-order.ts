/**
 * The order in which the samples of an epoch are seen: a permutation drawn from a key and the epoch's number alone, of which any
 * place can be asked for by itself. So a position is two numbers, whatever the size of the data, and going on from it gives the
 * samples that would have come.
 *
 * Where samples lie in blocks that are read as a whole, the blocks are permuted, and the samples among each few blocks that follow
 * one another in that order: each block is read once an epoch, and memory holds a few.
 */
import { GmlpError, indexPermutation, type Key, split } from '@gmlp/base';
import type { ImageSource } from './image-source.ts';

/** What the order depends on. */
export type Ordered = Pick<ImageSource, 'count' | 'blocks'>;

/** How many blocks are mixed with one another. */
export const mixedBlocks = 8;

/** Which sample stands at a place of an epoch. Without a key they stand as they are stored. */
export function epochOrder({ count, blocks }: Ordered, key: Key | null, epoch: number): (place: number) => number {
  if (key === null) return (place) => expectPlace(place, count);
  const ofEpoch = split(key, epoch);
  return blocks === undefined ? indexPermutation(count, ofEpoch) : orderOfBlocks(count, blocks, ofEpoch);
}

function orderOfBlocks(count: number, blocks: readonly number[], key: Key): (place: number) => number {
  const order = indexPermutation(blocks.length, split(key, 'blocks'));
  const lengthOf = (block: number): number => (blocks[block + 1] ?? count) - blocks[block]!;
  // The first place of each group of mixed blocks, and the number of places at the end.
  const groups = new Float64Array(Math.ceil(blocks.length / mixedBlocks) + 1);
  for (let at = 0; at < blocks.length; at++) {
    const group = Math.floor(at / mixedBlocks);
    groups[group + 1] = (at % mixedBlocks === 0 ? groups[group]! : groups[group + 1]!) + lengthOf(order(at));
  }
  let [mixed, within] = [-1, (place: number): number => place];
  return (place) => {
    expectPlace(place, count);
    const group = lastAtMost(groups, place);
    if (group !== mixed) within = indexPermutation(groups[group + 1]! - groups[group]!, split(split(key, 'within'), group));
    mixed = group;
    let left = within(place - groups[group]!);
    for (let at = group * mixedBlocks; ; at++) {
      const block = order(at);
      const length = lengthOf(block);
      if (left < length) return blocks[block]! + left;
      left -= length;
    }
  };
}

/** The last of rising numbers that is not above `value`; the last number is above it. */
function lastAtMost(rising: Float64Array, value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

function expectPlace(place: number, count: number): number {
  if (Number.isInteger(place) && place >= 0 && place < count) return place;
  throw new GmlpError('invalid-argument', `epochOrder: there is no place ${place} in an epoch of ${count} samples`, {
    place,
    count,
  });
}

/** Where a run through the epochs stands: the first place that no rank has taken yet. */
export interface EpochPosition {
  readonly epoch: number;
  readonly place: number;
}

export interface OrderedSample {
  readonly index: number;
  readonly epoch: number;
  readonly place: number;
  /** Where all ranks go on once each has taken its sample of this round: pass it as `from`, to any number of ranks. */
  readonly next: EpochPosition;
}

export interface SamplesInOrderOptions {
  readonly from?: EpochPosition;
  /** How many epochs there are, counted from 0; endless by default. */
  readonly epochs?: number;
  /** Which of `world` readers this is, from 0. Together they get each sample of an epoch once. */
  readonly rank?: number;
  readonly world?: number;
}

/**
 * The samples that a rank sees, epoch by epoch. In each round the ranks take one place each, one after another; in the last round
 * of an epoch some may find none left.
 */
export function* samplesInOrder(
  source: Ordered,
  key: Key | null,
  { from = { epoch: 0, place: 0 }, epochs = Number.POSITIVE_INFINITY, rank = 0, world = 1 }: SamplesInOrderOptions = {},
): Generator<OrderedSample, void, undefined> {
  const { count } = source;
  const natural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (!natural(rank) || !natural(world) || rank >= world) {
    throw new GmlpError(
      'invalid-argument',
      `samplesInOrder: expected a rank from 0 to below the number of ranks, got ${rank} of ${world}`,
    );
  }
  if (!natural(from.epoch) || !natural(from.place) || from.place >= Math.max(1, count)) {
    throw new GmlpError(
      'invalid-argument',
      `samplesInOrder: there is no place ${from.place} in epoch ${from.epoch} of ${count} samples; go on with the data that the position is of`,
      { ...from, count },
    );
  }
  if (count === 0) return;
  for (let [epoch, start] = [from.epoch, from.place]; epoch < epochs; epoch++, start = 0) {
    const order = epochOrder(source, key, epoch);
    for (let place = start + rank; place < count; place += world) {
      const round = place - rank + world;
      const next = round < count ? { epoch, place: round } : { epoch: epoch + 1, place: 0 };
      yield { index: order(place), epoch, place, next };
    }
  }
}
