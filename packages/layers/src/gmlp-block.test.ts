import { key, leavesOf, randomNormal, split } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { gmlpBlock } from './gmlp-block.ts';
import { inference } from './module.ts';
import { countParameters, init } from './parameters.ts';

beforeAll(() => tf.setBackend('cpu'));

const [tokens, channels, hiddenChannels] = [4, 6, 16];
const input = (batch: number): tf.Tensor => tf.tensor(randomNormal(key(1), batch * tokens * channels), [batch, tokens, channels]);

it.each([
  [128, 768, 187_988],
  [256, 1536, 632_276],
  [512, 3072, 2_405_588],
])('has as many parameters as the paper’s vision block of %i channels', (channels, hiddenChannels, count) => {
  expect(countParameters(gmlpBlock({ tokens: 196, channels, hiddenChannels }).spec)).toBe(count);
});

it.each(['split', 'multiplicative', 'additive', 'linear'] as const)(
  'with the %s gate follows the formula 2d + (d f + f) + 2g + S + (g d + d)',
  (gate) => {
    const [d, f, n] = [8, 12, 5];
    const g = gate === 'split' ? f / 2 : f;
    const block = gmlpBlock({ tokens: n, channels: d, hiddenChannels: f, gate, spatialWeight: 'toeplitz' });
    expect(countParameters(block.spec)).toBe(2 * d + (d * f + f) + 2 * g + (2 * n - 1 + n) + (g * d + d));
  },
);

it('passes its input on through the shortcut', () => {
  tf.tidy(() => {
    const block = gmlpBlock({ tokens, channels, hiddenChannels });
    const start = init(block.spec, key(0));
    const params = { ...start, contract: { ...start.contract, weight: tf.zerosLike(start.contract.weight) } };
    const x = input(2);
    expect(block.apply(params, x, inference).dataSync()).toEqual(x.dataSync());
  });
});

it('sends a gradient to every parameter', () => {
  const block = gmlpBlock({ tokens, channels, hiddenChannels, spatialWeight: 'toeplitz' });
  const params = init(block.spec, key(0));
  const x = input(2);
  const weights = tf.tensor(randomNormal(key(5), x.size), x.shape);
  const gradients = tf.grads((...leaves: tf.Tensor[]) => {
    let next = 0;
    const take = <T>(tree: T): T =>
      (tree instanceof tf.Tensor
        ? leaves[next++]
        : Object.fromEntries(Object.entries(tree as object).map(([k, v]) => [k, take(v)]))) as T;
    return tf.sum(tf.mul(block.apply(take(params), x, inference), weights));
  })(leavesOf<tf.Tensor>(params));
  for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
});

it('in training drops whole branches of samples, scaled so that the mean stays', () => {
  const block = gmlpBlock({ tokens, channels, hiddenChannels, survivalProbability: 0.5 });
  tf.tidy(() => {
    const params = init(block.spec, key(0));
    const x = input(64);
    const branch = (context: Parameters<typeof block.apply>[2]): number[] =>
      tf.sum(tf.abs(tf.sub(block.apply(params, x, context), x)), [1, 2]).arraySync() as number[];
    const whole = branch(inference);
    const dropped = branch({ training: true, key: split(key(3), 'step') });
    const kept = dropped.filter((value) => value !== 0).length;
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(48);
    dropped.forEach((value, sample) => {
      if (value !== 0) expect(value / whole[sample]!).toBeCloseTo(2, 3);
    });
    expect(() => block.apply(params, x, { training: true })).toThrow(/pass a key in the context/);
  });
});
