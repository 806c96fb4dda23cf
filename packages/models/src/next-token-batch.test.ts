import { hostArray } from '@gmlp/base';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextTokenBatch } from './next-token-batch.ts';

it('labels each token with the next, the last and those before padding with none', () => {
  const sequences = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 6 })).chain(([batch, tokens]) =>
    fc.record({
      rows: fc.array(fc.array(fc.nat(4), { minLength: tokens, maxLength: tokens }), { minLength: batch, maxLength: batch }),
      padding: fc.option(fc.nat(4), { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(sequences, ({ rows, padding }) => {
      const ids = hostArray('int32', [rows.length, rows[0]!.length], Int32Array.from(rows.flat()));
      const batch = nextTokenBatch(ids, { padding });
      expect(batch.ids).toBe(ids);
      expect(batch.labels.shape).toEqual(ids.shape);
      const expected = rows.map((row) => [...row.slice(1).map((id) => (id === padding ? -100 : id)), -100]);
      expect(Array.from(batch.labels.data)).toEqual(expected.flat());
    }),
  );
});

it('refuses what has no next token', () => {
  for (const shape of [[3], [3, 1], [1, 3, 1]]) {
    const ids = hostArray('int32', shape, new Int32Array(3));
    expect(() => nextTokenBatch(ids)).toThrow(/expected ids \[batch, tokens\] with at least 2 tokens, got/);
  }
});
