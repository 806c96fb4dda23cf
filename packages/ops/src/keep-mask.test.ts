import { key, split, tracedKey } from '@gmlp/base';
import { expect, it } from 'vitest';
import './each-backend.ts';
import { keepMask, keepMaskRounds, keepMaskTensor, keepMaskWords } from './keep-mask.ts';

const seed = key(7);
const [rows, columns] = [1024, 512];
const size = rows * columns;

it('keepMask: a function of the key and the shape', () => {
  expect(keepMask(seed, [4, 6], 0.5)).toEqual(keepMask(seed, [2, 2, 6], 0.5));
  expect(keepMask(seed, [64, 64], 0.5)).not.toEqual(keepMask(split(seed, 'other'), [64, 64], 0.5));
  expect(keepMask(seed, [], 0.5)).toHaveLength(1);
  expect(keepMask(seed, [3, 0], 0.5)).toHaveLength(0);
});

it('keepMask: the bits are those of the formula in integers of any size', () => {
  const { rows, columns, threshold } = keepMaskWords(seed, [5, 7], 0.3);
  const expected = Array.from(rows).flatMap((row) =>
    Array.from(columns, (column) => {
      let h = BigInt(row) + BigInt(column);
      for (let round = 0; round < keepMaskRounds; round++) h = BigInt.asUintN(32, h * (2n * h + 1n));
      return h < BigInt(threshold) ? 1 : 0;
    }),
  );
  expect(Array.from(keepMask(seed, [5, 7], 0.3))).toEqual(expected);
});

for (const keep of [0.1, 0.5, 0.9, 0.999]) {
  it(`keepMask at ${keep}: frequency, also of every row and column`, () => {
    const mask = keepMask(seed, [rows, columns], keep);
    const deviations = (ones: number, trials: number) => Math.abs(ones - trials * keep) / Math.sqrt(trials * keep * (1 - keep));
    let ones = 0;
    const [perRow, perColumn] = [new Float64Array(rows), new Float64Array(columns)];
    mask.forEach((bit, i) => {
      ones += bit;
      perRow[Math.floor(i / columns)]! += bit;
      perColumn[i % columns]! += bit;
    });
    expect(deviations(ones, size)).toBeLessThan(4);
    // The squared deviations of rows (columns) follow chi squared: mean 1, deviation of the mean sqrt(2 / count).
    for (const [counts, trials] of [
      [perRow, columns],
      [perColumn, rows],
    ] as const) {
      const meanSquare = counts.reduce((sum, count) => sum + deviations(count, trials) ** 2, 0) / counts.length;
      expect(Math.abs(meanSquare - 1)).toBeLessThan(5 * Math.sqrt(2 / counts.length));
    }
  });
}

it('keepMask: no correlation with a neighbour, a row or column on, or a far row; runs have the right number', () => {
  const mask = keepMask(seed, [rows, columns], 0.5);
  for (const lag of [1, 2, 3, 4, 8, 16, columns - 1, columns, columns + 1, 2 * columns, 64 * columns, 512 * columns]) {
    let equal = 0;
    for (let i = lag; i < size; i++) if (mask[i] === mask[i - lag]) equal += 1;
    const trials = size - lag;
    expect(Math.abs(equal - trials / 2) / Math.sqrt(trials / 4), `lag ${lag}`).toBeLessThan(4.5);
  }
});

it('keepMask: pairs of rows, pairs of columns and the corners of rectangles are independent', () => {
  const mask = keepMask(seed, [rows, columns], 0.5);
  const sign = (r: number, c: number) => mask[r * columns + c]! * 2 - 1;
  const meanSquare = { rows: 0, columns: 0, corners: 0 };
  const pairs = 300;
  for (let pair = 0; pair < pairs; pair++) {
    const [r, other] = [pair, (pair * 7 + 401) % rows];
    let [across, corners] = [0, 0];
    for (let c = 0; c < columns; c++) {
      across += sign(r, c) * sign(other, c);
      const next = (c + 137) % columns;
      corners += sign(r, c) * sign(other, c) * sign(r, next) * sign(other, next);
    }
    let down = 0;
    const [c, otherColumn] = [pair, (pair * 11 + 301) % columns];
    for (let row = 0; row < rows; row++) down += sign(row, c) * sign(row, otherColumn);
    meanSquare.rows += across ** 2 / columns / pairs;
    meanSquare.corners += corners ** 2 / columns / pairs;
    meanSquare.columns += down ** 2 / rows / pairs;
  }
  // Each term is chi squared with one degree of freedom.
  for (const [name, value] of Object.entries(meanSquare))
    expect(Math.abs(value - 1), name).toBeLessThan(5 * Math.sqrt(2 / pairs));
});

it('keepMask: a traced key outside a trace is an error', () => {
  expect(() => keepMaskTensor(tracedKey(0), [2, 2], 0.5, 'dropout')).toThrow(
    /dropout: expected a key with a value on the backend/,
  );
});
