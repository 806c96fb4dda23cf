import { hostArray, key } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { continuingPieces } from './continuing-pieces.ts';
import { chosenCount, ignoredLabel, maskTokens } from './mask-tokens.ts';

const of = (pieces: readonly string[]) => ({ vocabularySize: pieces.length, pieceOf: (id: number) => pieces[id]! });

test('which pieces go on with a word is told by the mark of the tokenizer', () => {
  expect([...continuingPieces(of(['[CLS]', 'run', '##ning', '##s', '▁']))]).toEqual([0, 0, 1, 1, 0]);
  expect([...continuingPieces(of(['▁the', '▁run', 'ning', 's', '##']))]).toEqual([0, 0, 1, 1, 1]);
  expect([...continuingPieces(of(['Ġthe', 'Ġrun', 'ning', '▁']))]).toEqual([0, 0, 1, 1]);
});

test('all pieces of a word are asked for or none, never more than there are to be, and special tokens never', () => {
  // Ids: 0 to 3 special, even ones begin a word, odd ones go on with it.
  const vocabularySize = 40;
  const continues = Uint8Array.from({ length: vocabularySize }, (_, id) => id % 2);
  const options = { vocabularySize, maskId: 1, paddingId: 0, specialIds: new Set([0, 1, 2, 3]), continues };
  const rows = fc.array(fc.integer({ min: 2, max: vocabularySize - 1 }), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), fc.nat(1000), (ids, seed) => {
      const batch = hostArray('int32', [ids.length, 20], Int32Array.from(ids.flat()));
      const masked = maskTokens(batch, key(seed), options);
      const width = chosenCount(20);
      for (const [row, pieces] of ids.entries()) {
        const labels = [...masked.labels.data.subarray(row * width, (row + 1) * width)];
        const chosen = new Set(
          [...masked.positions.data.subarray(row * width, (row + 1) * width)].filter((_, at) => labels[at] !== ignoredLabel),
        );
        const maskable = pieces.filter((id) => id > 3).length;
        expect(chosen.size).toBeLessThanOrEqual(Math.min(maskable, width));
        if (maskable > 0) expect(chosen.size).toBeGreaterThan(0);
        for (const at of chosen) expect(pieces[at]).toBeGreaterThan(3);
        const goesOn = (at: number): boolean =>
          at > 0 && at < 20 && pieces[at]! > 3 && pieces[at - 1]! > 3 && pieces[at]! % 2 === 1;
        const broken = pieces.some((_, at) => goesOn(at) && chosen.has(at) !== chosen.has(at - 1));
        // A word longer than all that is asked for is asked for in part, where there is no shorter one.
        if (broken) {
          const lengths = pieces.reduce<number[]>((all, id, at) => {
            if (id > 3) {
              if (goesOn(at)) all[all.length - 1]!++;
              else all.push(1);
            }
            return all;
          }, []);
          expect(Math.min(...lengths)).toBeGreaterThan(width);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('words are chosen alike: each of equal ones as often', () => {
  const [rows, tokens] = [2000, 30];
  // Words of one piece and of two by turns, without a special token.
  const pieces = Array.from({ length: tokens }, (_, at) => (at % 3 === 2 ? 5 : 4));
  const continues = Uint8Array.from({ length: 10 }, (_, id) => id % 2);
  const batch = hostArray(
    'int32',
    [rows, tokens],
    Int32Array.from({ length: rows * tokens }, (_, i) => pieces[i % tokens]!),
  );
  const options = { vocabularySize: 10, maskId: 1, paddingId: 0, specialIds: new Set([0, 1, 2, 3]), continues };
  const { positions, labels } = maskTokens(batch, key(1), options);
  const counts = new Array<number>(tokens).fill(0);
  for (const [i, at] of positions.data.entries()) if (labels.data[i] !== ignoredLabel) counts[at]!++;
  for (const kind of [0, 1]) {
    const same = counts.filter((_, at) => at % 3 === kind);
    const mean = same.reduce((sum, count) => sum + count, 0) / same.length;
    for (const count of same) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean));
  }
});
