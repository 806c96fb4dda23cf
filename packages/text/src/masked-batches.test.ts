import { key } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskedBatch, MaskOptions } from './mask-tokens.ts';
import { countPieces, trainingBatches, validationBatches } from './masked-batches.ts';
import { packedInMemory } from './packed-sequences.ts';

const [names, vocabularySize, tokens] = [64, 200, 24];

/** Ids below `names` are special: they name the sequence, and what is masked never hides them. */
const mask: MaskOptions = {
  vocabularySize,
  maskId: names,
  paddingId: names + 1,
  specialIds: new Set(Array.from({ length: names + 2 }, (_, id) => id)),
};

const packed = (count: number) =>
  packedInMemory(
    Array.from({ length: count }, (_, index) =>
      Int32Array.from({ length: tokens }, (_, i) => (i === 0 ? index : names + 2 + ((7 * index + i) % 100))),
    ),
    vocabularySize,
  );

/** Everything about each row of a batch, by the name of its sequence. */
function rowsOf({ ids, positions, labels }: MaskedBatch): [name: number, content: string][] {
  const row = ({ shape, data }: MaskedBatch['ids'], index: number): Int32Array =>
    data.subarray(index * shape[1]!, (index + 1) * shape[1]!);
  return Array.from({ length: ids.shape[0]! }, (_, index) => {
    const content = [row(ids, index), row(positions, index), row(labels, index)].map((part) => part.join()).join(' | ');
    return [row(ids, index)[0]!, content];
  });
}

async function rowsOfAll(batches: AsyncIterable<MaskedBatch>, most: number): Promise<[number, string][]> {
  const rows: [number, string][] = [];
  for await (const batch of batches) {
    rows.push(...rowsOf(batch));
    if (rows.length >= most) break;
  }
  return rows;
}

const sizes = fc.record({
  count: fc.integer({ min: 1, max: names }),
  size: fc.integer({ min: 1, max: names + 3 }),
  seed: fc.integer(),
});

test('validation masks a sequence the same way at every size of a batch', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async ({ count, size, seed }) => {
      const rows = (each: number) => rowsOfAll(validationBatches(packed(count), each, key(seed), mask), count);
      const expected = await rows(1);
      expect(expected.map(([name]) => name)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(await rows(size)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('sequences are masked apart from each other', async () => {
  const same = Array.from({ length: 20 }, () => Int32Array.from({ length: tokens }, (_, i) => names + 2 + i));
  const rows = await rowsOfAll(validationBatches(packedInMemory(same, vocabularySize), 8, key(1), mask), 20);
  expect(new Set(rows.map(([, content]) => content)).size).toBe(20);
});

test('training masks a sequence the same way at every size of a batch, and otherwise in the next epoch', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async ({ count, size, seed }) => {
      const batch = Math.min(size, count);
      const whole = count - (count % batch); // what fills no batch is left out of an epoch
      const epochs = async (each: number, length: number) => {
        const rows = await rowsOfAll(trainingBatches(packed(count), each, key(seed), mask), 2 * length);
        return [new Map(rows.slice(0, length)), new Map(rows.slice(length, 2 * length))] as const;
      };
      const [first, second] = await epochs(1, count);
      const [firstOfBatches, secondOfBatches] = await epochs(batch, whole);
      for (const [name, content] of firstOfBatches) expect(content).toBe(first.get(name));
      for (const [name, content] of secondOfBatches) expect(content).toBe(second.get(name));
      expect([...first].filter(([name, content]) => second.get(name) === content).length).toBeLessThan(1 + count / 4);
    }),
    { numRuns: 30 },
  );
});

test('training that goes on at a batch gives what it would have given', async () => {
  const [count, size] = [13, 4];
  const whole = await rowsOfAll(trainingBatches(packed(count), size, key(3), mask), 12 * size);
  for (let first = 0; first < 10; first++) {
    const rest = await rowsOfAll(trainingBatches(packed(count), size, key(3), mask, first), (12 - first) * size);
    expect(rest).toEqual(whole.slice(first * size));
  }
});

test('pieces are counted, and ids of another vocabulary refused', async () => {
  const [ids, never] = [[Int32Array.of(1, 2, 2), Int32Array.of(0, 2, 1)], new Set([0])];
  expect([...(await countPieces(packedInMemory(ids, 4), never))]).toEqual([0, 2, 3, 0]);
  await expect(countPieces(packedInMemory(ids, 2), never)).rejects.toThrow(
    'countPieces: expected ids from 0 to 1, got 2 at element 1',
  );
});
