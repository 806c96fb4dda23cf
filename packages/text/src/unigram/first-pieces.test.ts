/** Suffixes, the first pieces and their places, each against its definition, plainly computed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../in-turns.ts';
import { largest } from './largest.ts';
import { type NumberedWords, numberedWords } from './numbered-words.ts';
import { keepPieces, placePieces } from './piece-places.ts';
import { type SeedPieces, seedPieces } from './seed-pieces.ts';
import { sortedSuffixes } from './sorted-suffixes.ts';

const alphabet = ['a', 'b', 'c'];
const maxLength = 4;
const word = fc.tuple(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5 }));
const words = fc.array(word, { minLength: 1, maxLength: 12 });

const textAt = ({ symbols }: NumberedWords, at: number, length: number): string =>
  Array.from(symbols.subarray(at, at + length), (symbol) => alphabet[symbol - 1] ?? '$').join('');

const suffixesOf = (numbered: NumberedWords): Int32Array =>
  atOnce(sortedSuffixes(numbered.symbols, alphabet.length, maxLength + 1));

const seedsOf = (numbered: NumberedWords, most: number, reserved: readonly string[] = []): SeedPieces =>
  atOnce(
    seedPieces(numbered, suffixesOf(numbered), {
      most,
      maxLength,
      isReserved: (at, length) => reserved.includes(textAt(numbered, at, length)),
    }),
  );

test('suffixes are in order, so far as they count, and each is there once', () => {
  fc.assert(
    fc.property(words, (some) => {
      const numbered = numberedWords(some, alphabet);
      const order = suffixesOf(numbered);
      const texts = Array.from(order, (at) => textAt(numbered, at, maxLength + 1).replace(/\$.*/, ''));
      expect(texts).toEqual([...texts].sort());
      const places = Array.from(numbered.symbols.keys()).filter((at) => numbered.symbols[at] !== 0);
      expect([...order].sort((a, b) => a - b)).toEqual(places);
    }),
    { numRuns: 200 },
  );
});

/** How often each string of up to one character too many occurs. */
function occurrences(some: readonly (readonly [readonly string[], number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [characters, count] of some) {
    for (let from = 0; from < characters.length; from++) {
      for (let to = from + 1; to <= Math.min(characters.length, from + maxLength + 1); to++) {
        const string = characters.slice(from, to).join('');
        counts.set(string, (counts.get(string) ?? 0) + count);
      }
    }
  }
  return counts;
}

test('the first pieces are all strings that occur twice and do not always go on with the same character', () => {
  fc.assert(
    fc.property(words, (some) => {
      const numbered = numberedWords(some, alphabet);
      const counts = occurrences(some);
      const { first, length, score } = seedsOf(numbered, 1000, ['ab', 'abc']);
      const suffixes = suffixesOf(numbered);
      const found = Array.from(first, (i, seed) => [textAt(numbered, suffixes[i]!, length[seed]!), score[seed]] as const);
      const expected = [...counts].filter(
        ([string, count]) =>
          string.length > 1 &&
          string.length <= maxLength &&
          count > 1 &&
          !['ab', 'abc'].includes(string) &&
          !alphabet.some((character) => counts.get(string + character) === count),
      );
      expect(new Map(found)).toEqual(new Map(expected.map(([string, count]) => [string, count * string.length])));
      expect(found.length).toBe(expected.length);
    }),
    { numRuns: 300 },
  );
});

test('of many strings those are taken that cover most, of equal ones the first', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 6 }), (some, most) => {
      const numbered = numberedWords(some, alphabet);
      const all = seedsOf(numbered, 1000);
      const chosen = largest(all.score, most);
      expect(seedsOf(numbered, most)).toEqual({
        first: chosen.map((seed) => all.first[seed]!),
        last: chosen.map((seed) => all.last[seed]!),
        length: chosen.map((seed) => all.length[seed]!),
        score: Float64Array.from(chosen, (seed) => all.score[seed]!),
      });
    }),
    { numRuns: 200 },
  );
});

test('every place has the pieces that begin there, the shortest first, and keeps those that are kept', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 4 }), (some, every) => {
      const numbered = numberedWords(some, alphabet);
      const suffixes = suffixesOf(numbered);
      const seeds = seedsOf(numbered, 1000);
      const pieces = [...alphabet, ...Array.from(seeds.first, (i, seed) => textAt(numbered, suffixes[i]!, seeds.length[seed]!))];
      const startingAt = (at: number, among: readonly string[]): string[] => {
        const rest = textAt(numbered, at, 30).replace(/\$.*/, '');
        return among.filter((piece) => rest.startsWith(piece)).sort((a, b) => a.length - b.length);
      };
      const expectPlaces = ({ from, pieces: placed }: ReturnType<typeof placePieces>, among: readonly string[]): void => {
        for (let at = 0; at < numbered.symbols.length; at++) {
          const here = Array.from(placed.subarray(from[at]!, from[at + 1]!), (piece) => among[piece]);
          expect(here).toEqual(numbered.symbols[at] === 0 ? [] : startingAt(at, among));
        }
      };
      const places = placePieces(numbered, alphabet.length, suffixes, seeds);
      expectPlaces(places, pieces);
      let kept = 0;
      const numberOf = Int32Array.from(pieces, (_, piece) => (piece % every === 0 ? kept++ : -1));
      expectPlaces(
        keepPieces(places, numberOf),
        pieces.filter((_, piece) => piece % every === 0),
      );
    }),
    { numRuns: 200 },
  );
});

test('largest gives indices in their order', () => {
  expect([...largest(Float64Array.of(1, 5, 3, 5, 3, Number.NEGATIVE_INFINITY), 3)]).toEqual([1, 2, 3]);
  expect([...largest(Float64Array.of(1, 2), 5)]).toEqual([0, 1]);
  expect([...largest(Float64Array.of(1, 2), 0)]).toEqual([]);
});
