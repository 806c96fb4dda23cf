import { expect, it } from 'vitest';
import { dense } from './dense.ts';
import { summary } from './summary.ts';

it('prints the tree with shapes and counts, equal neighbours once', () => {
  const small = dense({ inputs: 2, outputs: 3 }).spec;
  expect(summary({ blocks: [small, small, dense({ inputs: 2, outputs: 1 }).spec], head: small })).toBe(
    [
      'blocks.0 … blocks.1 (each 9)  18',
      '  weight [2, 3]                6',
      '  bias [3]                     3',
      'blocks.2                       3',
      '  weight [2, 1]                2',
      '  bias [1]                     1',
      'head                           9',
      '  weight [2, 3]                6',
      '  bias [3]                     3',
      'total                         30',
    ].join('\n'),
  );
});
