import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachWord } from './metaspace.ts';

function words(section: string, atStart: boolean): string[] {
  const found: string[] = [];
  eachWord(section, atStart, (word, marked) => found.push(marked ? `▁${word}` : word));
  return found;
}

test('a space is the head of the word behind it', () => {
  expect(words('to be  or\tnot\n', true)).toEqual(['▁to', '▁be', '▁', '▁or\tnot\n']);
  expect(words(' to', true)).toEqual(['▁to']);
  expect(words('  to ', true)).toEqual(['▁', '▁to', '▁']);
  expect(words('to be', false)).toEqual(['to', '▁be']);
  expect(words(' be', false)).toEqual(['▁be']);
  expect(words(' ', true)).toEqual(['▁']);
  expect(words('', true)).toEqual([]);
});

test('joined words are the text again, with ▁ for its spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '▁', '\n') }), (text) => {
      expect(words(text, false).join('')).toBe(text.replaceAll(' ', '▁'));
    }),
  );
});
