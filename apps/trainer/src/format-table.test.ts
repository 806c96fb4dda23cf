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
