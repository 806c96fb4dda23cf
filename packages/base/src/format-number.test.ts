import { expect, it } from 'vitest';
import { formatDuration, formatNumber } from './format-number.ts';

it('writes durations as people do', () => {
  expect([0.4, 59.6, 61, 3599.9, 7260, Number.NaN].map(formatDuration)).toEqual([
    '0 s',
    '1 min 00 s',
    '1 min 01 s',
    '1 h 00 min',
    '2 h 01 min',
    'unknown',
  ]);
});

it('writes numbers with four digits or separators', () => {
  expect([0.00123456, 2.99995, 207.49, 1234.5, 1e6].map(formatNumber)).toEqual(['0.001235', '3', '207.5', '1,235', '1,000,000']);
});
