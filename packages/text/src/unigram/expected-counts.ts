/**
 * How often each piece is expected in a text under a unigram model, over all ways to cut it: forward and backward sums over the lattice
 * of each word (the E step). https://arxiv.org/abs/1804.10959, section 3.2
 */
import type { NumberedWords } from './numbered-words.ts';
import type { PiecePlaces } from './piece-places.ts';

export interface PieceModel {
  /** In characters. */
  readonly length: Int32Array;
  /** ln p. */
  readonly score: Float64Array;
}

/** Sums that fall below its inverse are multiplied by it, and how often that happened is kept: a long word is less likely than a number is small. */
const scale = 2 ** 200;
const powers = (exponent: number): number => (exponent === 0 ? 1 : scale ** exponent);

/** Gives way to others at every `yield`. */
export function* expectedCounts(
  { starts, counts }: NumberedWords,
  { from, pieces }: PiecePlaces,
  { length, score }: PieceModel,
): Generator<void, Float64Array> {
  const probability = score.map(Math.exp);
  const expected = new Float64Array(length.length);
  let forward = new Float64Array(512);
  let backward = new Float64Array(512);
  let forwardScale = new Int32Array(512);
  let backwardScale = new Int32Array(512);
  for (let word = 0; word < counts.length; word++) {
    const start = starts[word]!;
    const size = starts[word + 1]! - start - 1;
    if (size >= forward.length) {
      [forward, backward] = [new Float64Array(2 * size), new Float64Array(2 * size)];
      [forwardScale, backwardScale] = [new Int32Array(2 * size), new Int32Array(2 * size)];
    }
    forward.fill(0, 0, size + 1);
    forward[0] = 1;
    let scaled = 0;
    for (let at = 0; at < size; at++) {
      if (forward[at]! < 1 / scale) {
        for (let later = at; later <= size; later++) forward[later]! *= scale;
        scaled++;
      }
      forwardScale[at] = scaled;
      const here = forward[at]!;
      for (let i = from[start + at]!; i < from[start + at + 1]!; i++) {
        const piece = pieces[i]!;
        forward[at + length[piece]!]! += here * probability[piece]!;
      }
    }
    const all = counts[word]! / forward[size]!;
    const allScale = scaled;
    backward[size] = 1;
    scaled = 0;
    backwardScale[size] = 0;
    for (let at = size - 1; at >= 0; at--) {
      let sum = 0;
      for (let i = from[start + at]!; i < from[start + at + 1]!; i++) {
        const piece = pieces[i]!;
        const to = at + length[piece]!;
        const rest = probability[piece]! * backward[to]! * powers(scaled - backwardScale[to]!);
        sum += rest;
        expected[piece]! += forward[at]! * rest * all * powers(allScale - forwardScale[at]! - scaled);
      }
      backward[at] = sum;
      if (sum < 1 / scale) {
        backward[at] = sum * scale;
        scaled++;
      }
      backwardScale[at] = scaled;
    }
    if (word % 2 ** 14 === 0) yield;
  }
  return expected;
}
