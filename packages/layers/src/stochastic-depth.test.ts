import { key } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { contextOf, survivalProbabilities, survive } from './stochastic-depth.ts';

beforeAll(() => tf.setBackend('cpu'));

it('all blocks survive alike, or the chance falls evenly from 1', () => {
  expect(survivalProbabilities(3, 0.8, 'equal')).toEqual([0.8, 0.8, 0.8]);
  const falling = survivalProbabilities(5, 0.8, 'falling');
  [1, 0.95, 0.9, 0.85, 0.8].forEach((expected, layer) => void expect(falling[layer]).toBeCloseTo(expected, 12));
  expect(survivalProbabilities(1, 0.8, 'falling')).toEqual([1]);
});

it('draws in training only, and for each part its own', () => {
  tf.tidy(() => {
    const branch = tf.ones([64, 2]);
    const context = { training: true, key: key(7) };
    const kept = (part: string): number[] => Array.from(survive(branch, 0.5, contextOf(context, part)).dataSync());
    expect(new Set(kept('tokens'))).toEqual(new Set([0, 2]));
    expect(kept('tokens')).toEqual(kept('tokens'));
    expect(kept('tokens')).not.toEqual(kept('channels'));
    expect(survive(branch, 0.5, { ...context, training: false })).toBe(branch);
    expect(survive(branch, 1, { training: true })).toBe(branch);
  });
});
