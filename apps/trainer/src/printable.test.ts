import { expect, it } from 'vitest';
import { printable, printableJson } from './printable.ts';

it('shows control characters, and leaves lines, tabs and every writing as they are', () => {
  expect(printable('\u001b[2J\u009b1mred\u0007\rover')).toBe('\ufffd[2J\ufffd1mred\ufffd\ufffdover');
  const text = 'two\n\tlines of ▁text, שלום 你好 👩‍🔬';
  expect(printable(text)).toBe(text);
});

it('keeps the values of JSON', () => {
  const value = { 'na\u009bme\u007f': '\u001b[2J\u0085', text: 'ä 你' };
  const text = printableJson(JSON.stringify(value));
  expect(text).toBe('{"na\\u009bme\\u007f":"\\u001b[2J\\u0085","text":"ä 你"}');
  expect(JSON.parse(text)).toEqual(value);
});
