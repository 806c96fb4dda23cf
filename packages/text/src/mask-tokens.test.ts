import { GmlpError, hostArray, key, randomWords, split } from '@gmlp/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosenCount, ignoredLabel, type MaskedBatch, type MaskOptions, maskTokens } from './mask-tokens.ts';

const options: MaskOptions = { vocabularySize: 50, maskId: 4, paddingId: 0, specialIds: new Set([0, 1, 2, 3, 4]) };
const array = (rows: readonly (readonly number[])[]): ReturnType<typeof hostArray<'int32'>> =>
  hostArray('int32', [rows.length, rows[0]!.length], Int32Array.from(rows.flat()));

/** What a row's positions must be, from its ids. */
function expectRow(row: readonly number[], masked: MaskedBatch, index: number, rate: number): void {
  const width = chosenCount(row.length, rate);
  const positions = [...masked.positions.data.subarray(index * width, (index + 1) * width)];
  const labels = [...masked.labels.data.subarray(index * width, (index + 1) * width)];
  const ids = [...masked.ids.data.subarray(index * row.length, (index + 1) * row.length)];
  const maskable = row.filter((id) => !options.specialIds.has(id)).length;
  const present = row.filter((id) => id !== options.paddingId).length;
  const count = Math.min(maskable, present === 0 ? 0 : Math.max(1, Math.round(rate * present)));
  const chosen = positions.slice(0, count);
  expect([...chosen].sort((a, b) => a - b)).toEqual(chosen);
  expect(new Set(chosen).size).toBe(count);
  expect(labels.slice(0, count)).toEqual(chosen.map((position) => row[position]));
  expect(labels.slice(count).every((label) => label === ignoredLabel)).toBe(true);
  expect(positions.slice(count).every((position) => position === 0)).toBe(true);
  for (const [position, id] of row.entries()) {
    if (!chosen.includes(position)) expect(ids[position]).toBe(id);
    else {
      expect(options.specialIds.has(id)).toBe(false);
      expect(ids[position] === options.maskId || !options.specialIds.has(ids[position]!)).toBe(true);
    }
  }
}

test('exactly the right number of ordinary positions, labelled with what stood there; all else unchanged', () => {
  const rows = fc.integer({ min: 1, max: 40 }).chain((tokens) =>
    fc.array(fc.array(fc.oneof(fc.nat(49), fc.nat(4)), { minLength: tokens, maxLength: tokens }), {
      minLength: 1,
      maxLength: 4,
    }),
  );
  fc.assert(
    fc.property(rows, fc.integer(), fc.constantFrom(0.15, 0.5, 1), (batch, seed, rate) => {
      const masked = maskTokens(array(batch), key(seed), { ...options, rate });
      expect(masked.ids.shape).toEqual([batch.length, batch[0]!.length]);
      expect(masked.positions.shape).toEqual([batch.length, chosenCount(batch[0]!.length, rate)]);
      for (const [index, row] of batch.entries()) expectRow(row, masked, index, rate);
    }),
    { numRuns: 300 },
  );
});

test('the same key gives the same masks, another key others; the batch given is left alone', () => {
  const batch = array([Array.from({ length: 100 }, (_, i) => 5 + (i % 45))]);
  const before = [...batch.data];
  const once = maskTokens(batch, key(1), options);
  expect(maskTokens(batch, key(1), options)).toEqual(once);
  expect(maskTokens(batch, key(2), options)).not.toEqual(once);
  expect([...batch.data]).toEqual(before);
});

describe('statistics over 200,000 chosen positions', () => {
  const [rows, tokens, vocabularySize] = [2000, 667, 105];
  const wide = { ...options, vocabularySize };
  const ids = Int32Array.from(randomWords(key(3), rows * tokens), (word) => 5 + (word % 100));
  const masked = maskTokens(hostArray('int32', [rows, tokens], ids), split(key(4), 'mask'), wide);
  const total = masked.labels.data.length;
  const seen = Array.from(
    masked.positions.data,
    (position, i) => masked.ids.data[Math.floor(i / chosenCount(tokens)) * tokens + position]!,
  );
  // Five standard deviations of a binomial share.
  const tolerance = (share: number, count: number): number => 5 * Math.sqrt((share * (1 - share)) / count);

  test('80 % masks, 10 % random pieces, 10 % unchanged', () => {
    const masks = seen.filter((id) => id === wide.maskId).length / total;
    const same = seen.filter((id, i) => id === masked.labels.data[i]).length / total;
    expect(total).toBe(200_000);
    expect(Math.abs(masks - 0.8)).toBeLessThan(tolerance(0.8, total));
    expect(Math.abs(same - 0.101)).toBeLessThan(tolerance(0.101, total)); // one in a hundred random pieces is the old one
  });

  test('positions are uniform: each twentieth of the sequence has its share', () => {
    const bins = new Array<number>(20).fill(0);
    for (const position of masked.positions.data) bins[Math.floor((position / tokens) * 20)]!++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - total / 20) ** 2 / (total / 20), 0);
    expect(chiSquare).toBeLessThan(60); // 19 degrees of freedom: p < 5e-6 (bins differ by at most one position in 33)
  });

  test('random pieces are uniform over the whole vocabulary but the special tokens', () => {
    const counts = new Map<number, number>();
    for (const [i, id] of seen.entries()) {
      if (id !== wide.maskId && id !== masked.labels.data[i]) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(100);
    const expected = [...counts.values()].reduce((sum, count) => sum + count, 0) / 100;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(180); // 99 degrees of freedom
  });

  test('neighbouring rows choose independently', () => {
    const width = chosenCount(tokens);
    let common = 0;
    for (let row = 1; row < rows; row++) {
      const previous = new Set(masked.positions.data.subarray((row - 1) * width, row * width));
      for (const position of masked.positions.data.subarray(row * width, (row + 1) * width)) if (previous.has(position)) common++;
    }
    const share = common / ((rows - 1) * width);
    expect(Math.abs(share - width / tokens)).toBeLessThan(tolerance(0.15, (rows - 1) * width));
  });
});

test('ids outside the vocabulary, another shape, a vocabulary of special tokens only: errors', () => {
  expect(() => maskTokens(array([[5, 50]]), key(0), options)).toThrow(
    'id 50 in row 0, position 1 is outside the vocabulary of 50',
  );
  expect(() => maskTokens(array([[5, -1]]), key(0), options)).toThrow(GmlpError);
  expect(() => maskTokens(hostArray('int32', [2], new Int32Array(2)), key(0), options)).toThrow(
    'expected ids [batch, tokens], got [2]',
  );
  expect(() => maskTokens(array([[1]]), key(0), { ...options, vocabularySize: 5 })).toThrow('nothing to mask');
  expect(() => maskTokens(array([[5]]), key(0), { ...options, rate: 0 })).toThrow('rate above 0');
});
