import { expect, it } from 'vitest';
import { formatTable } from './format-table.ts';

it('aligns texts to the left and numbers to the right', () => {
  const table = formatTable(
    ['name', 'params'],
    [
      ['a', 1234567],
      ['longer', 8],
    ],
  );
  expect(table).toBe(['name       params', 'a       1,234,567', 'longer          8'].join('\n'));
  expect(formatTable(['name'], [])).toBe('name');
});

it('a text that would break its row does not', () => {
  expect(formatTable(['name', 'state'], [['a\nb\tc\u2028', 'x']])).toBe('name    state\na\ufffdb\ufffdc\ufffd  x');
});
