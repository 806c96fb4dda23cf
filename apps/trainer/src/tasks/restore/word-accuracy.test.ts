import fc from 'fast-check';
import { expect, it } from 'vitest';
import { correctWords, wordAccuracy } from './word-accuracy.ts';

const correct = (reference: string, given: string): number =>
  correctWords(reference.split(' ').filter(Boolean), given.split(' ').filter(Boolean));

it.each([
  ['We must, then, act.', 'we must then act', 0],
  ['We must then act', 'We must act', 3],
  ['We must act', 'We must then act', 3],
  ['a b c d', 'b c d', 3],
  ['a b', 'b a', 1], // two replaced cost as much as one deleted and one inserted: the way with more equal words counts
  ['', 'a b', 0],
  ['a b', '', 0],
])('%j against %j: %i words', (reference, given, expected) => {
  expect(correct(reference, given)).toBe(expected);
});

it('is all of equal texts, the same both ways, and at most the shorter one', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
  fc.assert(
    fc.property(words, words, (left, right) => {
      expect(correctWords(left, left)).toBe(left.length);
      expect(correctWords(left, right)).toBe(correctWords(right, left));
      expect(correctWords(left, right)).toBeLessThanOrEqual(Math.min(left.length, right.length));
    }),
  );
});

it('weighs words, not texts', () => {
  const pairs = [
    { reference: ['a', 'b', 'c'], given: ['a', 'b', 'c'] },
    { reference: ['a'], given: ['b'] },
  ];
  expect(wordAccuracy(pairs)).toBe(3 / 4);
});
