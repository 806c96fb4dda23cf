import fc from 'fast-check';
import { expect, it } from 'vitest';
import { passagesOf } from './passages.ts';

it('the passages say what the text says, none is longer than a page, and no character is cut', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'ü', '😀'), minLength: 1, maxLength: 2500 });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', '')), { maxLength: 12 }), (words) => {
      const text = words.flat().join('');
      const passages = passagesOf(text);
      expect(passages.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      for (const passage of passages) {
        expect(passage.length).toBeLessThanOrEqual(2000);
        expect(passage).not.toMatch(/\p{Surrogate}/u);
      }
    }),
  );
});

it('cuts behind a line where there is one', () => {
  const line = `${'word '.repeat(20)}\n`;
  for (const passage of passagesOf(line.repeat(100)).slice(0, -1)) expect(passage).toMatch(/\n$/);
  expect(passagesOf(' \n\n')).toEqual([]);
  expect(passagesOf('short')).toEqual(['short']);
});
