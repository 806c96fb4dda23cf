import { hostArray, key, randomNormal, randomWords, split } from '@gmlp/base';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { addRows } from './add-rows.ts';
import { onEachBackend, toTensor } from './each-backend.ts';
import { scatterAdd } from './scatter-add.ts';

/** Three of four indices are of four rows, as ids of text are. */
function textLike(count: number, rows: number): Int32Array {
  return Int32Array.from(randomWords(split(key(3), 'rows'), count), (word) => (word % 4 === 0 ? (word >>> 2) % rows : word % 4));
}

/** The sums in float64, each channel with its largest magnitude. */
function exactSums(indices: Int32Array, updates: Float32Array, rows: number, channels: number): Float64Array {
  const sums = new Float64Array(rows * channels);
  indices.forEach((row, k) => {
    for (let c = 0; c < channels; c++) sums[row * channels + c]! += updates[k * channels + c]!;
  });
  return sums;
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

for (const [count, rows, channels] of [
  [1, 1, 1],
  [9, 5, 3],
  [4096, 50, 33],
] as const) {
  onEachBackend(`scatterAdd of ${count} rows to ${rows} rows of ${channels} channels sums as in float64`, async () => {
    const indices = textLike(count, rows).map((row) => row % rows);
    const updates = randomNormal(split(key(4), count), count * channels);
    const given = [toTensor(hostArray('int32', [count], indices)), toTensor(hostArray('float32', [count, channels], updates))];
    const exact = exactSums(indices, updates, rows, channels);
    const actual = (await scatterAdd(given[0] as Tensor1D, given[1] as Tensor2D, rows).data()) as Float32Array;
    const wrong = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0);
    expect(wrong).toBeLessThanOrEqual(1e-5 * largest(exact));
  });
}

onEachBackend('scatterAdd refuses an index outside of the rows', () => {
  const one: Tensor2D = tf.ones([1, 2]);
  for (const index of [-1, 4]) expect(() => scatterAdd(tf.tensor1d([index], 'int32'), one, 4)).toThrow('4 rows');
});

it('addRows: the order of the updates of other rows changes nothing, and what stands in the table stays', () => {
  const [rows, channels, count] = [6, 3, 200];
  const indices = textLike(count, rows);
  const updates = randomNormal(key(5), count * channels);
  const start = randomNormal(key(6), rows * channels);
  const expected = start.slice();
  addRows(expected, indices, updates, channels);
  const exact = exactSums(indices, updates, rows, channels);
  expect([...expected]).toEqual([...start].map((value, i) => Math.fround(value + Math.fround(exact[i]!))));

  const byRow = Array.from(indices.keys()).sort((a, b) => indices[a]! - indices[b]! || a - b);
  const again = start.slice();
  const moved = Float32Array.from(byRow.flatMap((k) => [...updates.subarray(k * channels, (k + 1) * channels)]));
  addRows(
    again,
    indices.map((_, k) => indices[byRow[k]!]!),
    moved,
    channels,
  );
  expect(again).toEqual(expected);
});

it('addRows: many equal rows lose no digits', () => {
  const count = 131_072;
  const updates = Float32Array.from(randomWords(key(7), count), (word) => word / 2 ** 32);
  const sums = new Float32Array(2);
  addRows(sums, new Int32Array(count).fill(1), updates, 1);
  const exact = updates.reduce((sum, value) => sum + value, 0);
  expect(sums[0]).toBe(0);
  expect(Math.abs(sums[1]! / exact - 1)).toBeLessThan(1e-7);
});

it('addRows: an index outside of the table adds nothing', () => {
  const sums = new Float32Array(4);
  addRows(sums, Int32Array.of(-1, 1, 2, 2 ** 31 - 1), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2);
  expect([...sums]).toEqual([0, 0, 3, 4]);
});
