import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameTexts, longestFirst } from './frame-texts.ts';

const frame = { begin: 101, end: 102 };
const ids = (...numbers: number[]): Int32Array => Int32Array.from(numbers);

/** BERT's `_truncate_seq_pair`, token by token. */
function bertTruncates(first: number, second: number, room: number): readonly [number, number] {
  while (first + second > room) {
    if (first > second) first--;
    else second--;
  }
  return [first, second];
}

it('cuts pairs as BERT does, token by token', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(60), (first, second, room) => {
      expect(longestFirst(first, second, room)).toEqual(bertTruncates(first, second, room));
    }),
  );
});

it('frames a text, and a pair of them', () => {
  expect(frameTexts(ids(7, 8), undefined, frame, 8)).toEqual({ ids: ids(101, 7, 8, 102), firstLength: 4, cut: 0 });
  expect(frameTexts(ids(7, 8), ids(9), frame, 8)).toEqual({ ids: ids(101, 7, 8, 102, 9, 102), firstLength: 4, cut: 0 });
});

it('cuts at the ends, never what frames, and says how much', () => {
  expect(frameTexts(ids(1, 2, 3, 4, 5), undefined, frame, 4)).toEqual({ ids: ids(101, 1, 2, 102), firstLength: 4, cut: 3 });
  expect(frameTexts(ids(1, 2, 3, 4, 5), ids(6), frame, 7)).toEqual({
    ids: ids(101, 1, 2, 3, 102, 6, 102),
    firstLength: 5,
    cut: 2,
  });
  expect(() => frameTexts(ids(1), ids(2), frame, 3)).toThrow('more than 3 tokens');
});

it('keeps every row within its length, with the beginnings of both texts', () => {
  const texts = fc.array(fc.nat(99), { maxLength: 30 });
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: 4, max: 40 }), (first, second, tokens) => {
      const { ids: row, firstLength, cut } = frameTexts(ids(...first), ids(...second), frame, tokens);
      const [a, b] = [[...row.subarray(1, firstLength - 1)], [...row.subarray(firstLength, -1)]];
      expect(row.length).toBeLessThanOrEqual(tokens);
      expect([row[0], row[firstLength - 1], row.at(-1)]).toEqual([101, 102, 102]);
      expect([a, b]).toEqual([first.slice(0, a.length), second.slice(0, b.length)]);
      expect(a.length + b.length + cut).toBe(first.length + second.length);
      if (cut > 0) expect(row.length).toBe(tokens);
    }),
  );
});
