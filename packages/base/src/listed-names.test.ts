import { expect, it } from 'vitest';
import { listedNames } from './listed-names.ts';

it('lists names as they are, and escapes what a terminal would obey', () => {
  expect(listedNames(['blocks.0.norm', 'wörter.▁the', 'a "b"'])).toBe('blocks.0.norm, wörter.▁the, a "b"');
  expect(listedNames(['a\u001b[2J\nb', '\u009b1m', '\u202ex', '\ud800'], '; ')).toBe(
    '"a\\u{1b}[2J\\u{a}b"; "\\u{9b}1m"; "\\u{202e}x"; "\\u{d800}"',
  );
});

it('has an end', () => {
  expect(listedNames(Array.from({ length: 1e6 }, (_, i) => `n${i}`))).toMatch(/^n0, .*, n49 and 999950 more$/);
  expect(listedNames(['x'.repeat(1e7)]).length).toBe(201);
});
