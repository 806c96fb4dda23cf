/**
 * What a text loses in likelihood without a piece, by an estimate: wherever the piece stands, the most likely way to cut it into others
 * stands in its place. https://arxiv.org/abs/1804.10959, section 3.2
 */
import type { PieceModel } from './expected-counts.ts';
import { cutter, mostLikelyCounts } from './most-likely.ts';
import type { NumberedWords } from './numbered-words.ts';
import type { PiecePlaces } from './piece-places.ts';

/**
 * Of each piece from `alphabet` on, in nats a word; -Infinity of a piece that is never used.
 * `at` says of each piece a place where it stands.
 */
export function* losses(
  words: NumberedWords,
  places: PiecePlaces,
  model: PieceModel & { readonly at: Int32Array },
  alphabet: number,
): Generator<void, Float64Array> {
  const { length, at } = model;
  const used = yield* mostLikelyCounts(words, places, model);
  const all = used.reduce((sum, count) => sum + count, 0);
  const wordsInAll = words.counts.reduce((sum, count) => sum + count, 0);
  const cut = cutter(places, model);
  const result = new Float64Array(length.length - alphabet);
  for (let piece = alphabet; piece < length.length; piece++) {
    const count = used[piece]!;
    if (count === 0) result[piece - alphabet] = Number.NEGATIVE_INFINITY;
    else {
      const others = cut(at[piece]!, length[piece]!, false);
      const allWithout = Math.log(all + count * (others.length - 1));
      let without = 0;
      for (const other of others) without += Math.log(used[other]! + count) - allWithout;
      result[piece - alphabet] = (count / wordsInAll) * (Math.log(count) - Math.log(all) - without);
    }
    if (piece % 2 ** 16 === 0) yield;
  }
  return result;
}
