import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { sinusoidalPositions } from './sinusoidal-positions.ts';

beforeAll(() => tf.setBackend('cpu'));

it('has pairs of sine and cosine whose wavelengths grow from 2 pi to 10000 2 pi', () => {
  const [first, second, , , far] = sinusoidalPositions(5, 6).arraySync();
  expect(first).toEqual([0, 1, 0, 1, 0, 1]);
  const rates = [1, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3)];
  [second!, far!].forEach((row, index) => {
    const t = index === 0 ? 1 : 4;
    rates.forEach((rate, pair) => {
      expect(row[2 * pair]).toBe(Math.fround(Math.sin(t * rate)));
      expect(row[2 * pair + 1]).toBe(Math.fround(Math.cos(t * rate)));
    });
  });
});

it('has a sine alone at the end of an odd number of channels', () => {
  expect(sinusoidalPositions(2, 3).arraySync()[1]![2]).toBe(Math.fround(Math.sin(10_000 ** (-2 / 3))));
});
