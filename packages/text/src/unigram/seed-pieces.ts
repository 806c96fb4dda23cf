/**
 * The pieces that training begins with: of all strings inside words those that cover most of the text, by how often they occur times their
 * length. A string that only ever occurs inside one that is longer, always with the same next character, is no candidate: these are
 * the inner nodes of a suffix tree, and whole suffixes. https://arxiv.org/abs/1808.06226
 */
import { largest } from './largest.ts';
import type { NumberedWords } from './numbered-words.ts';

export interface SeedPieces {
  /** Of the sorted suffixes, those that begin with the piece: from `first[i]`, before `last[i]`. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** In characters. */
  readonly length: Int32Array;
  /** How often it occurs times its length. */
  readonly score: Float64Array;
}

export interface SeedOptions {
  readonly most: number;
  readonly maxLength: number;
  /** Whether what stands at a place, so many characters of it, may be no piece. */
  isReserved(at: number, length: number): boolean;
}

/** Pieces of two characters and more that occur twice at least. `suffixes` are sorted by one character more than a piece may have. */
export function* seedPieces(
  { symbols, starts, counts }: NumberedWords,
  suffixes: Int32Array,
  { most, maxLength, isReserved }: SeedOptions,
): Generator<void, SeedPieces> {
  const countAt = new Float64Array(symbols.length); // of the word that a place is in
  for (let word = 0; word < counts.length; word++) countAt.fill(counts[word]!, starts[word]!, starts[word + 1]!);
  const found = candidates(most);
  // The nodes above the present suffix: their depth, their first suffix, and how often what they stand for has occurred so far.
  const depths = [0];
  const firsts = [0];
  const sums = [0];
  for (let i = 0; i <= suffixes.length; i++) {
    const at = suffixes[i] ?? 0;
    const shared = i === 0 || i === suffixes.length ? 0 : sharedPrefix(symbols, suffixes[i - 1]!, at, maxLength + 1);
    let first = i;
    let sum = 0;
    while (depths.at(-1)! > shared) {
      const depth = depths.pop()!;
      first = firsts.pop()!;
      sum += sums.pop()!;
      if (depth > 1 && depth <= maxLength && sum >= 2 && !isReserved(suffixes[first]!, depth)) {
        found.add(first, i, depth, sum * depth);
      }
      if (depths.at(-1)! >= shared) {
        sums[sums.length - 1]! += sum;
        sum = 0;
      }
    }
    if (depths.at(-1)! < shared) {
      depths.push(shared);
      firsts.push(first);
      sums.push(sum);
    }
    if (i === suffixes.length) break;
    const length = lengthAt(symbols, at, maxLength + 1);
    if (length > depths.at(-1)!) {
      depths.push(length);
      firsts.push(i);
      sums.push(0);
    }
    sums[sums.length - 1]! += countAt[at]!;
    if (i % 2 ** 18 === 0) yield;
  }
  return found.chosen();
}

function sharedPrefix(symbols: Int32Array, one: number, other: number, most: number): number {
  let length = 0;
  while (length < most && symbols[one + length] !== 0 && symbols[one + length] === symbols[other + length]) length++;
  return length;
}

function lengthAt(symbols: Int32Array, at: number, most: number): number {
  let length = 0;
  while (length < most && symbols[at + length] !== 0) length++;
  return length;
}

/** Keeps the best, and a few times as many on the way there. */
function candidates(most: number) {
  const room = Math.min(4 * most, 2 ** 22) + most;
  let [size, capacity] = [0, Math.min(room, 2 ** 12)];
  let columns = { first: new Int32Array(capacity), last: new Int32Array(capacity), length: new Int32Array(capacity) };
  let score = new Float64Array(capacity);
  const take = (chosen: Int32Array): SeedPieces => ({
    first: chosen.map((index) => columns.first[index]!),
    last: chosen.map((index) => columns.last[index]!),
    length: chosen.map((index) => columns.length[index]!),
    score: Float64Array.from(chosen, (index) => score[index]!),
  });
  const copied = (from: SeedPieces): void => {
    const larger = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(capacity);
      copy.set(array);
      return copy;
    };
    columns = { first: larger(from.first), last: larger(from.last), length: larger(from.length) };
    const scores = new Float64Array(capacity);
    scores.set(from.score);
    score = scores;
  };
  const best = (): SeedPieces => take(largest(score.subarray(0, size), most));
  return {
    add(first: number, last: number, length: number, value: number): void {
      if (size === room) {
        const kept = best();
        copied(kept);
        size = kept.score.length;
      } else if (size === capacity) {
        capacity = Math.min(room, 2 * capacity);
        copied({ ...columns, score });
      }
      columns.first[size] = first;
      columns.last[size] = last;
      columns.length[size] = length;
      score[size++] = value;
    },
    chosen: best,
  };
}
