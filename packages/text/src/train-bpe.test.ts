import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from './in-turns.ts';
import { type BpeMerge, trainBpe } from './train-bpe.ts';

/** Counts every pair of every word anew for each merge: slow, and plainly the definition. */
function trainNaively(
  words: readonly (readonly [readonly string[], number])[],
  alphabet: readonly string[],
  options: { merges: number; minFrequency: number; maxPieceLength: number; reserved: ReadonlySet<string> },
): BpeMerge[] {
  const pieces = [...alphabet];
  let texts = words.map(([characters, count]) => ({ symbols: characters.map((c) => alphabet.indexOf(c)), count }));
  const merges: BpeMerge[] = [];
  while (merges.length < options.merges) {
    const counts = new Map<string, number>();
    for (const { symbols, count } of texts) {
      for (let i = 1; i < symbols.length; i++) {
        const pair = `${symbols[i - 1]} ${symbols[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + count);
      }
    }
    const best = [...counts]
      .map(([pair, count]) => ({ count, pair: pair.split(' ').map(Number) as [number, number] }))
      .filter(({ count, pair: [left, right] }) => {
        const piece = pieces[left]! + pieces[right]!;
        const tooLong = [...piece].length > options.maxPieceLength;
        return count >= options.minFrequency && !tooLong && !pieces.includes(piece) && !options.reserved.has(piece);
      })
      .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])[0];
    if (best === undefined) break;
    const [left, right] = best.pair;
    merges.push({ left: pieces[left]!, right: pieces[right]! });
    const merged = pieces.push(pieces[left]! + pieces[right]!) - 1;
    texts = texts.map(({ symbols, count }) => {
      const joined: number[] = [];
      for (let i = 0; i < symbols.length; i++) {
        if (symbols[i] === left && symbols[i + 1] === right) {
          joined.push(merged);
          i++;
        } else joined.push(symbols[i]!);
      }
      return { symbols: joined, count };
    });
  }
  return merges;
}

const alphabet = ['a', 'b', 'c', '😀'];
const word = fc.tuple(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4 }));

test('agrees with a trainer that counts anew for every merge', () => {
  const options = fc.record({
    merges: fc.integer({ min: 0, max: 40 }),
    minFrequency: fc.integer({ min: 1, max: 3 }),
    maxPieceLength: fc.integer({ min: 1, max: 8 }),
    reserved: fc.uniqueArray(fc.constantFrom('ab', 'aa', 'abc', 'cc', 'ba')).map((pieces) => new Set(pieces)),
  });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), options, (words, chosen) => {
      expect(atOnce(trainBpe(words, alphabet, chosen))).toEqual(trainNaively(words, alphabet, chosen));
    }),
    { numRuns: 500 },
  );
});

test('overlapping pairs are merged from the left and counted once each', () => {
  expect(atOnce(trainBpe([[[...'aaaa'], 1]], ['a'], { merges: 5, minFrequency: 1 }))).toEqual([
    { left: 'a', right: 'a' },
    { left: 'aa', right: 'aa' },
  ]);
});

test('does not depend on the order of the words', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 12 }), (words) => {
      const options = { merges: 30, minFrequency: 1 };
      expect(atOnce(trainBpe([...words].reverse(), alphabet, options))).toEqual(atOnce(trainBpe(words, alphabet, options)));
    }),
  );
});
