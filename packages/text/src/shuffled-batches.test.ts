import { GmlpError, key } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchPosition, shuffledBatches } from './shuffled-batches.ts';

test('an epoch shows no example twice, and all but the rest that fills no batch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.integer(), (count, size, seed) => {
      fc.pre(size <= count);
      const batches = [...shuffledBatches(count, size, key(seed), { epochs: 1 })];
      expect(batches.length).toBe(Math.floor(count / size));
      const shown = batches.flatMap(({ indices }) => [...indices]);
      expect(shown.length).toBe(batches.length * size);
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown.every((index) => index >= 0 && index < count)).toBe(true);
    }),
  );
});

test('going on from any position gives the batches that would have come', () => {
  const all = [...shuffledBatches(23, 4, key(7), { epochs: 3 })];
  expect(all.length).toBe(15);
  for (const [i, { next }] of all.entries()) {
    expect([...shuffledBatches(23, 4, key(7), { from: next, epochs: 3 })]).toEqual(all.slice(i + 1));
  }
});

test('the position of batch number n is where the n-th batch is', () => {
  const all = [...shuffledBatches(23, 4, key(7), { epochs: 3 })];
  for (const number of all.keys()) {
    const from = batchPosition(number, 23, 4);
    expect([...shuffledBatches(23, 4, key(7), { from, epochs: 3 })]).toEqual(all.slice(number));
  }
  expect(() => batchPosition(-1, 23, 4)).toThrow('expected the number of a batch from 0, got -1');
  expect(() => batchPosition(0, 3, 4)).toThrow('got 4 of 3; take a smaller batch or more text');
});

test('epochs and keys differ', () => {
  const epochs = [...shuffledBatches(50, 50, key(7), { epochs: 2 }), ...shuffledBatches(50, 50, key(8), { epochs: 1 })];
  expect(new Set(epochs.map(({ indices }) => indices.join())).size).toBe(3);
});

test('the first batch of billions of examples comes at once', () => {
  const [first] = shuffledBatches(6e9, 4, key(7), { epochs: 1 });
  expect(first!.indices.some((index) => index > 2 ** 32)).toBe(true);
});

test('a batch larger than the data, or a position that does not exist, is an error', () => {
  expect(() => shuffledBatches(3, 4, key(0)).next()).toThrow('got 4 of 3; take a smaller batch or more text');
  expect(() => shuffledBatches(8, 0, key(0)).next()).toThrow(GmlpError);
  expect(() => shuffledBatches(8, 4, key(0), { from: { epoch: 0, batch: 9 } }).next()).toThrow(
    'there is no batch 9 in epoch 0; an epoch has 2',
  );
});

test('any number of processes have each example of an epoch once between them, in the batches that one alone would have', () => {
  const shapes = fc.record({
    count: fc.integer({ min: 1, max: 200 }),
    size: fc.integer({ min: 1, max: 20 }),
    world: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
    first: fc.nat(50),
  });
  fc.assert(
    fc.property(shapes, ({ count, size, world, seed, first }) => {
      fc.pre(size <= count && world <= size);
      const from = { epoch: 0, batch: first % (Math.floor(count / size) + 1) };
      const alone = [...shuffledBatches(count, size, key(seed), { epochs: 2, from })];
      const shared = Array.from({ length: world }, (_, rank) => [
        ...shuffledBatches(count, size, key(seed), { epochs: 2, from, share: { rank, world } }),
      ]);
      for (const each of shared) expect(each.map(({ next }) => next)).toEqual(alone.map(({ next }) => next));
      const together = alone.map((_, batch) => shared.flatMap((each) => [...each[batch]!.indices]));
      expect(together).toEqual(alone.map(({ indices }) => [...indices]));
      const epoch = together.slice(-Math.floor(count / size)).flat();
      expect(new Set(epoch).size).toBe(epoch.length);
      expect(epoch.length).toBe(count - (count % size));
    }),
    { numRuns: 100 },
  );
  expect(() => [...shuffledBatches(9, 2, key(0), { share: { rank: 0, world: 3 } })]).toThrow(/a row of the batch of 2 for each/);
});
