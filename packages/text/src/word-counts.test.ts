import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords, wordCounter } from './word-counts.ts';

test('words are cut between scripts, and those behind a space are marked', async () => {
  const { words, characters, documents } = await countWords([{ text: 'one, two one' }, { text: 'one,2  ' }]);
  expect(Object.fromEntries(words)).toEqual({ '▁one': 3, ',': 2, '▁two': 1, '2': 1, '▁': 2 });
  expect(Object.fromEntries(characters)).toEqual({ o: 4, n: 3, e: 3, ',': 2, t: 1, w: 1, '2': 1 });
  expect(documents).toBe(2);
});

test('a word of a million characters is cut into short ones', async () => {
  const { words } = await countWords([{ text: 'x'.repeat(1_000_000) }]);
  expect([...words].map(([word, count]) => [word.length, count])).toEqual([
    [257, 1],
    [256, 3905],
    [64, 1],
  ]);
});

test('counts of parts, added, are the counts of the whole', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '1', 'é', '😀'), maxLength: 40 });
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (some, others) => {
      const counter = wordCounter();
      for (const each of some) counter.add(each);
      const other = wordCounter();
      for (const each of others) other.add(each);
      counter.addCounts(other.counts());
      const whole = wordCounter();
      for (const each of [...some, ...others]) whole.add(each);
      expect(counter.counts()).toEqual(whole.counts());
    }),
    { numRuns: 100 },
  );
});

test('of too many words those are forgotten that occur least, all of one count together', () => {
  const counter = wordCounter({ maxDistinctWords: 5 });
  counter.add('a a a b b b c c d d e');
  expect(counter.counts()).toMatchObject({ forgotten: 0 });
  counter.add('f');
  const { words, characters, forgotten } = counter.counts();
  expect(Object.fromEntries(words)).toEqual({ '▁a': 3, '▁b': 3 });
  expect(forgotten).toBe(4);
  expect(characters.get('f')).toBe(1); // of characters all are counted
});

test('a bound that no map keeps is refused', () => {
  for (const maxDistinctWords of [0, 1.5, 2 ** 24])
    expect(() => wordCounter({ maxDistinctWords })).toThrow(/whole number from 1 to 8388608/);
});
