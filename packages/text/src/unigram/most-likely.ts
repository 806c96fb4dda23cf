/** The most likely ways to cut words under a unigram model, and what they would be without one of its pieces (Viterbi). */
import type { PieceModel } from './expected-counts.ts';
import type { NumberedWords } from './numbered-words.ts';
import type { PiecePlaces } from './piece-places.ts';

/** The pieces of so many symbols from a place on, the last first; without a piece that covers all of them unless `alsoWhole`. */
export type Cutter = (start: number, size: number, alsoWhole: boolean) => readonly number[];

export function cutter({ from, pieces }: PiecePlaces, { length, score }: PieceModel): Cutter {
  let best = new Float64Array(64);
  let last = new Int32Array(64);
  return (start, size, alsoWhole) => {
    if (size >= best.length) [best, last] = [new Float64Array(2 * size), new Int32Array(2 * size)];
    best.fill(Number.NEGATIVE_INFINITY, 1, size + 1);
    best[0] = 0;
    for (let at = 0; at < size; at++) {
      const here = best[at]!;
      const end = from[start + at + 1]!;
      for (let i = from[start + at]!; i < end; i++) {
        const piece = pieces[i]!;
        const to = at + length[piece]!;
        if (to > size) break; // the shortest come first
        if (at === 0 && to === size && !alsoWhole) continue;
        const sum = here + score[piece]!;
        if (sum > best[to]!) {
          best[to] = sum;
          last[to] = piece;
        }
      }
    }
    const path: number[] = [];
    for (let to = size; to > 0; to -= length[path.at(-1)!]!) path.push(last[to]!);
    return path;
  };
}

/** How often each piece is used when every word is cut as is most likely. Gives way to others at every `yield`. */
export function* mostLikelyCounts(
  { starts, counts }: NumberedWords,
  places: PiecePlaces,
  model: PieceModel,
): Generator<void, Float64Array> {
  const used = new Float64Array(model.length.length);
  const cut = cutter(places, model);
  for (let word = 0; word < counts.length; word++) {
    const start = starts[word]!;
    for (const piece of cut(start, starts[word + 1]! - start - 1, true)) used[piece]! += counts[word]!;
    if (word % 2 ** 14 === 0) yield;
  }
  return used;
}
