import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexPermutation } from './index-permutation.ts';
import { key, split } from './key.ts';

const orderOf = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, place) => indexPermutation(count, key(seed))(place));

test('each number stands in one place, for any count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), (count, seed) => {
      expect(orderOf(count, seed).toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
  );
});

test('the order of a key is fixed for ever: a resumed run on another machine sees the same', () => {
  expect(orderOf(12, 42)).toEqual([3, 8, 7, 4, 9, 5, 0, 2, 1, 6, 11, 10]);
  const huge = indexPermutation(2 ** 53 - 1, key(42));
  expect([0, 1, 2 ** 40].map(huge)).toEqual([5842155639947910, 5781410477041298, 4012870053089624]);
});

test('all permutations are equally likely', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 24_000; seed++) {
    const order = orderOf(4, seed).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(60); // 23 degrees of freedom
});

test('of billions of places, what stands in the first ones is spread evenly, and no neighbour follows another', () => {
  const count = 3_000_000_000;
  const order = indexPermutation(count, split(key(3), 'order'));
  const drawn = Array.from({ length: 20_000 }, (_, place) => order(place));
  const counts = new Array<number>(100).fill(0);
  for (const number of drawn) counts[Math.floor((number / count) * 100)]!++;
  const chiSquare = counts.reduce((sum, each) => sum + (each - 200) ** 2 / 200, 0);
  expect(chiSquare).toBeLessThan(160); // 99 degrees of freedom
  const steps = drawn.slice(1).map((number, i) => (((number - drawn[i]!) / count + 1) % 1) * 100);
  const ofSteps = new Array<number>(100).fill(0);
  for (const step of steps) ofSteps[Math.floor(step)]!++;
  expect(ofSteps.reduce((sum, each) => sum + (each - 200) ** 2 / 200, 0)).toBeLessThan(160);
});

test('a place or a count that does not exist is refused', () => {
  expect(() => indexPermutation(2.5, key(0))).toThrow('expected a whole number of places, got 2.5');
  expect(() => indexPermutation(-1, key(0))).toThrow('got -1');
  for (const place of [3, -1, 0.5, Number.NaN]) {
    expect(() => indexPermutation(3, key(0))(place)).toThrow(`there is no place ${place}; there are 3`);
  }
});
