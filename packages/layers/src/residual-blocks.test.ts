/** What the Mixer and ResMLP blocks share: a shortcut, two branches, a gradient for every parameter. Values: fixtures. */
import { key, leavesOf, randomNormal, withLeaves } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { mixerBlock } from './mixer-block.ts';
import { inference, type Module } from './module.ts';
import { countParameters, init } from './parameters.ts';
import { resmlpBlock } from './resmlp-block.ts';

beforeAll(() => tf.setBackend('cpu'));

const [tokens, channels, hiddenChannels, tokenHidden] = [4, 6, 10, 7];
const [n, d, f, t] = [tokens, channels, hiddenChannels, tokenHidden];
const channelMlp = d * f + f + f * d + d;
const cases = {
  mixerBlock: {
    build: (survivalProbability = 1): Module<object> =>
      mixerBlock({ tokens, channels, tokenHidden, hiddenChannels, survivalProbability }) as Module<object>,
    count: 2 * 2 * d + (n * t + t + t * n + n) + channelMlp,
  },
  resmlpBlock: {
    build: (survivalProbability = 1): Module<object> =>
      resmlpBlock({ tokens, channels, hiddenChannels, layerScale: 0.1, survivalProbability }) as Module<object>,
    count: 2 * 2 * d + (n * n + n) + channelMlp + 2 * d,
  },
};

const input = (batch: number): tf.Tensor => tf.tensor(randomNormal(key(1), batch * n * d), [batch, n, d]);
const weights = (block: Module<object>): object => {
  const params = init(block.spec, key(0));
  return withLeaves<tf.Tensor, tf.Tensor, object>(
    params,
    leavesOf<tf.Tensor>(params).map((leaf, i) => tf.tensor(randomNormal(key(i), leaf.size), leaf.shape)),
  );
};

describe.each(Object.entries(cases))('%s', (_, { build, count }) => {
  it('has as many parameters as the formula says', () => {
    expect(countParameters(build().spec)).toBe(count);
  });

  it('sends a gradient to every parameter', () => {
    const block = build();
    const params = weights(block);
    const x = input(2);
    const direction = tf.tensor(randomNormal(key(5), x.size), x.shape);
    const gradients = tf.grads((...leaves: tf.Tensor[]) =>
      tf.sum(tf.mul(block.apply(withLeaves<tf.Tensor, tf.Tensor, object>(params, leaves), x, inference), direction)),
    )(leavesOf<tf.Tensor>(params));
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
  });

  it('draws for its two branches apart: a sample keeps both, one of them or none', () => {
    tf.tidy(() => {
      const block = build(0.5);
      const params = weights(block);
      const x = tf.tile(input(1), [64, 1, 1]);
      const y = block.apply(params, x, { training: true, key: key(3) });
      const samples = new Set((tf.sum(tf.abs(tf.sub(y, x)), [1, 2]).arraySync() as number[]).map((sum) => sum.toPrecision(5)));
      expect(samples.size).toBe(4);
      expect(samples).toContain((0).toPrecision(5));
    });
  });
});

it('ResMLP’s layer scales start where they are told', () => {
  const params = init(resmlpBlock({ tokens, channels, hiddenChannels, layerScale: 1e-5 }).spec, key(0));
  for (const { scale } of [params.tokenScale, params.channelScale]) {
    expect(Array.from(scale.dataSync())).toEqual(Array(d).fill(Math.fround(1e-5)));
  }
  expect(Array.from(params.spatial.bias.dataSync())).toEqual(Array(n).fill(0));
});
