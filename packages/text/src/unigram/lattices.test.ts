/** Sums over all ways to cut a word, and the likeliest one, against every way written out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../in-turns.ts';
import { expectedCounts } from './expected-counts.ts';
import { losses } from './losses.ts';
import { cutter } from './most-likely.ts';
import { numberedWords } from './numbered-words.ts';
import type { PiecePlaces } from './piece-places.ts';

const alphabet = ['a', 'b'];
const others = ['ab', 'ba', 'aab', 'abab'];
const pieces = [...alphabet, ...others];
const length = Int32Array.from(pieces, (piece) => piece.length);

function placesIn(words: readonly string[]): PiecePlaces {
  const from = [0];
  const placed: number[] = [];
  for (const word of words) {
    for (let at = 0; at <= word.length; at++) {
      const here = pieces.flatMap((piece, index) => (at < word.length && word.startsWith(piece, at) ? [index] : []));
      placed.push(...here.sort((a, b) => length[a]! - length[b]!));
      from.push(placed.length);
    }
  }
  return { from: Int32Array.from(from), pieces: Int32Array.from(placed) };
}

/** Every way to cut a word, as pieces. */
function ways(word: string): number[][] {
  if (word === '') return [[]];
  return pieces.flatMap((piece, index) =>
    word.startsWith(piece) ? ways(word.slice(piece.length)).map((rest) => [index, ...rest]) : [],
  );
}

const numbered = (words: readonly (readonly [string, number])[]) =>
  numberedWords(
    words.map(([word, count]) => [[...word], count] as const),
    alphabet,
  );
const word = fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 4 }));
const scores = fc
  .array(fc.double({ min: -8, max: 0, noNaN: true }), { minLength: pieces.length, maxLength: pieces.length })
  .map((all) => Float64Array.from(all));

test('expected counts are those of all ways, each as likely as it is', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), scores, (words, score) => {
      const expected = new Float64Array(pieces.length);
      for (const [each, count] of words) {
        const all = ways(each).map((path) => ({ path, p: Math.exp(path.reduce((sum, piece) => sum + score[piece]!, 0)) }));
        const total = all.reduce((sum, { p }) => sum + p, 0);
        for (const { path, p } of all) for (const piece of path) expected[piece]! += (count * p) / total;
      }
      const places = placesIn(words.map(([each]) => each));
      const found = atOnce(expectedCounts(numbered(words), places, { length, score }));
      for (const piece of pieces.keys()) expect(found[piece]).toBeCloseTo(expected[piece]!, 9);
    }),
    { numRuns: 200 },
  );
});

test('a factor for each character changes nothing, however small a word of 256 becomes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 200, maxLength: 256 }),
      scores,
      fc.constantFrom(-30, -12, 2),
      (long, score, more) => {
        const words = numbered([[long, 3]]);
        const places = placesIn([long]);
        const plain = atOnce(expectedCounts(words, places, { length, score }));
        const scaled = atOnce(
          expectedCounts(words, places, { length, score: score.map((each, piece) => each + more * length[piece]!) }),
        );
        for (const piece of pieces.keys()) expect(scaled[piece]).toBeCloseTo(plain[piece]!, 6);
        expect(plain.reduce((sum, count, piece) => sum + count * length[piece]!, 0)).toBeCloseTo(3 * long.length, 6);
      },
    ),
    { numRuns: 100 },
  );
});

test('the likeliest way is none less likely than another, with the whole as a piece and without', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.constantFrom(...others),
        word.map(([each]) => each),
      ),
      scores,
      (each, score) => {
        const cut = cutter(placesIn([each]), { length, score });
        for (const alsoWhole of [true, false]) {
          const allowed = ways(each).filter((path) => alsoWhole || path.length > 1 || each.length === 1);
          if (each.length === 1 && !alsoWhole) continue;
          const best = Math.max(...allowed.map((path) => path.reduce((sum, piece) => sum + score[piece]!, 0)));
          const found = cut(0, each.length, alsoWhole);
          expect(found.reduce((sum, piece) => sum + score[piece]!, 0)).toBeCloseTo(best, 9);
          expect(
            found
              .map((piece) => pieces[piece]!)
              .reverse()
              .join(''),
          ).toBe(each);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('what a text loses without a piece is as in the paper, and endless for one that is of no use', () => {
  // `ab` stands in two words, thrice in all; the others in no likeliest way.
  const words = [
    ['ab', 2],
    ['abb', 1],
    ['abab', 0],
  ] as const;
  const score = Float64Array.from([-2, -2, -1, -1, -9, -9]);
  const places = placesIn(words.map(([each]) => each));
  const at = Int32Array.from([0, 1, 0, 8, 0, 7]);
  const found = atOnce(losses(numbered(words), places, { length, score, at }, alphabet.length));
  // Of four pieces `ab` is three, in three words; without it there are 4 + 3 pieces, three of them `a` and four `b`.
  const before = Math.log(3 / 4);
  const after = Math.log(3 / 7) + Math.log(4 / 7);
  expect(found[0]).toBeCloseTo((3 / 3) * (before - after), 12);
  expect([...found.slice(1)]).toEqual(Array.from({ length: 3 }, () => Number.NEGATIVE_INFINITY));
});
