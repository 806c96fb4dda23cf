import { loadTokenizer, trainTokenizer } from '@gmlp/text';
import { expect, it } from 'vitest';
import { markCase } from './case-marks.ts';
import { bareText, pairsOf, restoredWords, wordsOf } from './pairs.ts';

const text = 'Fellow-Citizens of the Senate: the year 1,862 is at its end --\n we thank God for it.';

it('bares words, and leaves out those of punctuation alone', () => {
  expect(bareText(wordsOf(text))).toBe('fellowcitizens of the senate the year 1862 is at its end we thank god for it');
});

it('cuts passages of whole words that fit, and loses none', async () => {
  const tokenizer = loadTokenizer(
    await trainTokenizer([{ text: wordsOf(text).map(markCase).join(' ') }], { vocabularySize: 295 }),
  );
  const pairs = [...pairsOf(text, tokenizer, 20)];
  expect(pairs.length).toBeGreaterThan(2);
  expect(pairs.flatMap(({ words }) => words)).toEqual(wordsOf(text));
  for (const { source, target, words } of pairs) {
    expect(Math.max(source.length, target.length)).toBeLessThanOrEqual(20);
    expect(wordsOf(tokenizer.decode(source))).toEqual(bareText(words).split(' '));
    expect(restoredWords(target, tokenizer)).toEqual(words);
  }
  const tooLong = tokenizer.encode('Fellow-Citizens').length - 1;
  expect([...pairsOf('Fellow-Citizens of', tokenizer, tooLong)].map(({ words }) => words)).toEqual([['of']]);
});
