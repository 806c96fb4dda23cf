/**
 * Which pieces stand where: of each place in the words the pieces that begin there. All lattices of a unigram model at once, found when
 * training begins, and thinned out as pieces go.
 */
import type { NumberedWords } from './numbered-words.ts';
import type { SeedPieces } from './seed-pieces.ts';

export interface PiecePlaces {
  /** The pieces at place `p` of the symbols are `pieces[from[p]]` to before `from[p + 1]`, the shortest first. */
  readonly from: Int32Array;
  readonly pieces: Int32Array;
}

/** Pieces are numbered: character c of the alphabet, a symbol from 1, is piece c - 1, and behind these are the seeds. */
export function placePieces(
  { symbols }: NumberedWords,
  alphabet: number,
  suffixes: Int32Array,
  { first, last, length }: SeedPieces,
): PiecePlaces {
  const from = new Int32Array(symbols.length + 1);
  for (let at = 0; at < symbols.length; at++) if (symbols[at] !== 0) from[at + 1] = 1;
  for (let seed = 0; seed < length.length; seed++) {
    for (let i = first[seed]!; i < last[seed]!; i++) from[suffixes[i]! + 1]!++;
  }
  for (let at = 0; at < symbols.length; at++) from[at + 1]! += from[at]!;
  const pieces = new Int32Array(from[symbols.length]!);
  const next = from.slice(0, symbols.length);
  for (let at = 0; at < symbols.length; at++) if (symbols[at] !== 0) pieces[next[at]!++] = symbols[at]! - 1;
  for (const seed of byLength(length)) {
    for (let i = first[seed]!; i < last[seed]!; i++) pieces[next[suffixes[i]!]!++] = alphabet + seed;
  }
  return { from, pieces };
}

function byLength(length: Int32Array): Int32Array {
  const ends = new Int32Array(length.reduce((most, each) => Math.max(most, each), 0) + 2);
  for (const each of length) ends[each + 1]!++;
  for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1]!;
  const order = new Int32Array(length.length);
  for (let seed = 0; seed < length.length; seed++) order[ends[length[seed]!]!++] = seed;
  return order;
}

/** Only the pieces that have a new number, from 0; the arrays are those of before, written over. */
export function keepPieces({ from, pieces }: PiecePlaces, numberOf: Int32Array): PiecePlaces {
  let [kept, read] = [0, 0];
  for (let at = 0; at + 1 < from.length; at++) {
    const end = from[at + 1]!;
    for (; read < end; read++) {
      const number = numberOf[pieces[read]!]!;
      if (number >= 0) pieces[kept++] = number;
    }
    from[at + 1] = kept;
  }
  return { from, pieces };
}
