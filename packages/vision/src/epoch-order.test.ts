import { key } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochOrder, mixedBlocks, type Ordered, type OrderedSample, samplesInOrder } from './epoch-order.ts';

const plain = fc.record({ count: fc.integer({ min: 1, max: 200 }) });
const inBlocks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }).map((lengths) => {
  const blocks: number[] = [];
  let count = 0;
  for (const length of lengths) {
    blocks.push(count);
    count += length;
  }
  return { count, blocks };
});
const sources: fc.Arbitrary<Ordered> = fc.oneof(plain, inBlocks);

/** Each rank's samples of an epoch from a position on. */
const ranks = (source: Ordered, seed: number, world: number, from = { epoch: 0, place: 0 }): OrderedSample[][] =>
  Array.from({ length: world }, (_, rank) => [
    ...samplesInOrder(source, key(seed), { from, epochs: from.epoch + 1, rank, world }),
  ]);

test('any number of ranks sees each sample of an epoch once', () => {
  fc.assert(
    fc.property(sources, fc.integer({ min: 1, max: 17 }), fc.nat(), (source, world, seed) => {
      const all = ranks(source, seed, world);
      for (const samples of all) for (const [round, { next }] of samples.entries()) expect(next).toEqual(all[0]![round]!.next);
      const seen = all.flatMap((samples) => samples.map(({ index }) => index));
      expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: source.count }, (_, i) => i));
    }),
  );
});

test('from any round on, and on another number of ranks, come exactly the samples that had not come', () => {
  fc.assert(
    fc.property(
      sources,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (source, before, after, stop) => {
        const first = ranks(source, 7, before);
        const rounds = stop % first[0]!.length;
        // A position is text between two runs.
        const at: OrderedSample['next'] =
          rounds === 0 ? { epoch: 0, place: 0 } : JSON.parse(JSON.stringify(first[0]![rounds - 1]!.next));
        const then = ranks(source, 7, after, at).flat();
        const seen = [...first.flatMap((samples) => samples.slice(0, rounds)), ...then].map(({ index }) => index);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: source.count }, (_, i) => i));
      },
    ),
  );
});

test('the epochs differ, another key gives another order, and the same key the same', () => {
  const order = (seed: number, epoch: number): number[] => {
    const at = epochOrder({ count: 100 }, key(seed), epoch);
    return Array.from({ length: 100 }, (_, place) => at(place));
  };
  expect(order(1, 0)).toEqual(order(1, 0));
  expect(order(1, 0)).not.toEqual(order(1, 1));
  expect(order(1, 0)).not.toEqual(order(2, 0));
  const three = [...samplesInOrder({ count: 4 }, key(1), { epochs: 3 })];
  expect(three.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
});

test('without a key, as they are stored', () => {
  expect([...samplesInOrder({ count: 5 }, null, { epochs: 1, rank: 1, world: 2 })].map(({ index }) => index)).toEqual([1, 3]);
});

test('samples of blocks are mixed, and each block is done with before long', () => {
  const blocks = Array.from({ length: 64 }, (_, block) => 10 * block);
  const order = epochOrder({ count: 640, blocks }, key(3), 0);
  const of = Array.from({ length: 640 }, (_, place) => Math.floor(order(place) / 10));
  for (let block = 0; block < 64; block++) {
    expect(of.lastIndexOf(block) - of.indexOf(block)).toBeLessThan(10 * mixedBlocks);
    expect(new Set(of.slice(of.indexOf(block), of.indexOf(block) + 10)).size).toBeGreaterThan(1);
  }
  const places = Array.from({ length: 64 }, (_, block) => of.indexOf(block));
  expect(places.some((place, block) => place > 320 && block < 16)).toBe(true);
});

test('a position outside of the data, and a rank outside of the world, are refused', () => {
  const first = (options: object): unknown => samplesInOrder({ count: 4 }, null, options).next();
  expect(() => first({ from: { epoch: 0, place: 4 } })).toThrow('there is no place 4 in epoch 0 of 4 samples');
  expect(() => first({ from: { epoch: -1, place: 0 } })).toThrow('there is no place 0 in epoch -1');
  expect(() => first({ rank: 2, world: 2 })).toThrow('got 2 of 2');
  expect(() => epochOrder({ count: 4 }, null, 0)(4)).toThrow('there is no place 4');
});
