import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indicesOfLargest } from './indices-of-largest.ts';
import { probabilitiesOf } from './probabilities-of.ts';

const scores = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });

it('are the shares of the exponentials, however large the scores are', () => {
  expect([...probabilitiesOf([Math.log(1), Math.log(3)])]).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  fc.assert(
    fc.property(scores, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (given, shift) => {
      const probabilities = probabilitiesOf(given);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      probabilitiesOf(given.map((score) => score + shift)).forEach((p, i) => void expect(p).toBeCloseTo(probabilities[i]!, 9));
    }),
  );
});

it('the largest come first, of equals the first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 })), fc.nat(6), (row, count) => {
      const sorted = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]! || a - b);
      expect(indicesOfLargest(row, count)).toEqual(sorted.slice(0, count));
    }),
  );
});
