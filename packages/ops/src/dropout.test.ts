import { key, split } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { dropout, dropPath } from './dropout.ts';
import { expectGradients, normal, onEachBackend } from './each-backend.ts';
import { keepMask } from './keep-mask.ts';

const seed = key(3);

onEachBackend('dropout: elements are zero or divided by 1 - rate, by the mask of the key', () => {
  const mask = keepMask(seed, [8, 5, 16], 0.75);
  const y = dropout(tf.fill([8, 5, 16], 3), 0.25, seed).dataSync();
  expect(Array.from(y)).toEqual(Array.from(mask, (bit) => bit * 4));
  expect(y.some((value) => value === 0)).toBe(true);
});

onEachBackend('dropout: one key gives one mask, two keys two; rate 0 is the identity', () => {
  const x = tf.ones([16, 16]);
  const draw = (name: string) => Array.from(dropout(x, 0.5, split(seed, name)).dataSync());
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(Array.from(dropout(x, 0, seed).dataSync())).toEqual(Array.from(x.dataSync()));
});

onEachBackend('dropout and dropPath: the mask is that of the values in the gradient too', async () => {
  await expectGradients((x) => dropout(x!, 0.4, seed), [normal('x', [3, 4, 5])]);
  await expectGradients((x) => dropPath(x!, 0.4, seed), [normal('x', [6, 2, 3])]);
  await expectGradients((x) => dropout(x!, 0, seed), [normal('x', [3])]);
});

onEachBackend('dropPath: whole samples, and the mean is kept', () => {
  const y = dropPath(tf.ones([4096, 2, 3]), 0.2, seed).arraySync() as number[][][];
  const perSample = y.map((sample) => new Set(sample.flat()));
  expect(perSample.every((values) => values.size === 1)).toBe(true);
  expect(new Set(perSample.map((values) => [...values][0]))).toEqual(new Set([0, 1.25]));
  const mean = perSample.reduce((sum, values) => sum + [...values][0]!, 0) / 4096;
  expect(Math.abs(mean - 1)).toBeLessThan((4 * 1.25 * Math.sqrt(0.2 * 0.8)) / 64);
});

it('dropout: a rate outside [0, 1) is refused', () => {
  expect(() => dropout(tf.ones([2]), 1, seed)).toThrow(/dropout: expected 0 <= rate < 1, got rate 1/);
  expect(() => dropPath(tf.ones([2]), -0.1, seed)).toThrow(/dropPath: expected 0 <= rate < 1/);
  expect(() => dropPath(tf.scalar(1), 0.1, seed)).toThrow(/dropPath: expected x \[batch, ...\]/);
});
