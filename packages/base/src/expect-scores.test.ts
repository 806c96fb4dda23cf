import { expect, test } from 'vitest';
import { GmlpError } from './errors.ts';
import { expectScores } from './expect-scores.ts';

const { NaN: nan, POSITIVE_INFINITY: infinite, NEGATIVE_INFINITY: never } = Number;

test('scores that rank are let pass, those of what cannot come among them', () => {
  for (const scores of [[0], [-1e300, 1e300], [never, -3, never], Float32Array.of(1, 2)]) expectScores('search', scores);
});

test.each([
  [[nan], 'got NaN at place 0;'],
  [[5, 1, nan, 7], 'got NaN at place 2;'],
  [[0, infinite], 'got Infinity as the largest;'],
  [[never, never], 'got -Infinity as the largest;'],
  [[], 'got none;'],
])('%j is refused', (scores, message) => {
  try {
    expectScores('search', scores);
  } catch (error) {
    expect(GmlpError.isInstance(error) && `${error.code} ${error.message}`).toContain(
      `numerical search: expected scores that are numbers, ${message}`,
    );
    return;
  }
  expect.unreachable('it was let pass');
});
