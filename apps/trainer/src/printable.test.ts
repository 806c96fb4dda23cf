import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('shows control characters, and leaves lines, tabs and every writing as they are', () => {
  expect(printable('\u001b[2J\u009b1mred\u0007\rover')).toBe('\ufffd[2J\ufffd1mred\ufffd\ufffdover');
  const text = 'two\n\tlines of ▁text, שלום 你好 👩‍🔬';
  expect(printable(text)).toBe(text);
});
