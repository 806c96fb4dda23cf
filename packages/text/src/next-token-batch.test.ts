import { hostArray } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTokenBatch } from './next-token-batch.ts';

test('labels each token but the last with the next', () => {
  const sequences = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 6 }))
    .chain(([batch, tokens]) =>
      fc.array(fc.array(fc.nat(4), { minLength: tokens, maxLength: tokens }), { minLength: batch, maxLength: batch }),
    );
  fc.assert(
    fc.property(sequences, (rows) => {
      const ids = hostArray('int32', [rows.length, rows[0]!.length], Int32Array.from(rows.flat()));
      const batch = nextTokenBatch(ids);
      const shape = [rows.length, rows[0]!.length - 1];
      expect(batch.ids).toBe(ids);
      expect([batch.positions.shape, batch.labels.shape]).toEqual([shape, shape]);
      expect(Array.from(batch.positions.data)).toEqual(rows.flatMap((row) => [...row.keys()].slice(0, -1)));
      expect(Array.from(batch.labels.data)).toEqual(rows.flatMap((row) => row.slice(1)));
    }),
  );
});

test('refuses what has no next token', () => {
  for (const shape of [[3], [3, 1], [1, 3, 1]]) {
    const ids = hostArray('int32', shape, new Int32Array(3));
    expect(() => nextTokenBatch(ids)).toThrow(/expected ids \[batch, tokens\] with at least 2 tokens, got/);
  }
});
