import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markCase, unmarkCase } from './case-marks.ts';

it.each([
  ['senate,', 'senate,'],
  ['Senate,', '↑ senate,'],
  ['"We', '↑ "we'],
  ['I', '↑ i'],
  ['U.S.', '↑↑ u.s.'],
  ['McKinley', 'McKinley'],
  ['1862', '1862'],
])('%s is marked as %s', (word, marked) => {
  expect(markCase(word)).toBe(marked);
});

it('gives every word back', () => {
  const word = fc.oneof(fc.stringMatching(/^\S{1,6}$/u), fc.stringMatching(/^[A-Ba-bßİǅ.]{1,4}$/u));
  fc.assert(
    fc.property(fc.array(word.filter((each) => !each.includes('↑'))), (words) => {
      expect(unmarkCase(words.flatMap((each) => markCase(each).split(' ')))).toEqual(words);
    }),
  );
});

it('makes words of any marks', () => {
  expect(unmarkCase(['↑', '↑↑', 'usa', '"', '↑', '"we', '↑'])).toEqual(['USA', '"', '"We']);
});
