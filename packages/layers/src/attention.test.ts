/** What attention, its biases and the Transformer block hold by construction. Values: conformance. */
import { key, leavesOf, randomNormal, split, withLeaves } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { causalBias, paddingBias } from './attention-bias.ts';
import { inference } from './module.ts';
import { multiHeadAttention } from './multi-head-attention.ts';
import { countParameters, init } from './parameters.ts';
import { relativePositionBias, relativePositionBucket } from './relative-position-bias.ts';
import { tinyAttention } from './tiny-attention.ts';
import { transformerBlock } from './transformer-block.ts';

beforeAll(() => tf.setBackend('cpu'));

const [batch, tokens, channels, heads] = [2, 5, 6, 3];
const normal = (name: string, ...shape: number[]): tf.Tensor =>
  tf.tensor(
    randomNormal(
      split(key(7), name),
      shape.reduce((product, extent) => product * extent),
    ),
    shape,
  );
const x = (): tf.Tensor => normal('x', batch, tokens, channels);

const layers = {
  attention: (bias?: tf.Tensor) => {
    const layer = multiHeadAttention({ channels, heads });
    const params = init(layer.spec, key(0));
    return (input: tf.Tensor) => layer.apply(params, { x: input, bias }, inference);
  },
  'attention without content': (bias?: tf.Tensor) => {
    const layer = multiHeadAttention({ channels, heads, content: false });
    const params = init(layer.spec, key(0));
    const places = normal('places', 1, heads, tokens, tokens);
    return (input: tf.Tensor) => layer.apply(params, { x: input, bias: bias ? tf.add(places, bias) : places }, inference);
  },
};

describe.each(Object.entries(layers))('%s', (_, build) => {
  it('never looks at padding', () => {
    tf.tidy(() => {
      const mask = tf.tensor2d([1, 1, 1, 0, 0, 1, 1, 1, 1, 1], [batch, tokens], 'bool');
      const apply = build(paddingBias(mask));
      const padding = tf.mul(
        tf.reshape(tf.sub(1, tf.cast(mask, 'float32')), [batch, tokens, 1]),
        normal('p', batch, tokens, channels),
      );
      const counted = (y: tf.Tensor): number[] =>
        (y.arraySync() as number[][][]).flatMap((rows, b) => rows.filter((_, i) => b === 1 || i < 3).flat());
      expect(counted(apply(tf.add(x(), tf.mul(padding, 100))))).toEqual(counted(apply(x())));
    });
  });

  it('never looks at the future under a causal bias', () => {
    tf.tidy(() => {
      const apply = build(causalBias(tokens));
      const later = tf.concat([tf.zeros([batch, 3, channels]), tf.fill([batch, 2, channels], 9)], 1);
      const seen = (y: tf.Tensor): number[] => Array.from(tf.slice(y, [0, 0, 0], [batch, 3, channels]).dataSync());
      expect(seen(apply(tf.add(x(), later)))).toEqual(seen(apply(x())));
      expect(seen(build()(tf.add(x(), later)))).not.toEqual(seen(build()(x())));
    });
  });
});

it('attention without content has no queries and keys, and needs a bias', () => {
  const whole = multiHeadAttention({ channels, heads });
  const places = multiHeadAttention({ channels, heads, content: false });
  expect(countParameters(whole.spec)).toBe(4 * (channels * channels + channels));
  expect(countParameters(places.spec)).toBe(2 * (channels * channels + channels));
  expect(countParameters(multiHeadAttention({ channels, heads, projectionBias: false }).spec)).toBe(
    4 * channels * channels + channels,
  );
  expect(() => places.apply(init(places.spec, key(0)), { x: x() }, inference)).toThrow(/the scores are the bias; pass one/);
  expect(() => multiHeadAttention({ channels, heads: 4 })).toThrow(/divide among 4 heads, got 6/);
  expect(() => paddingBias(tf.ones([2, 3]))).toThrow(/expected mask bool \[batch, keys\], got float32 \[2, 3\]/);
});

it('tiny attention is softmax(q k^T / sqrt(d)) v Wo, and causal on request', () => {
  tf.tidy(() => {
    const options = { channels, attentionChannels: 4, outputs: 7 };
    const layer = tinyAttention(options);
    expect(countParameters(layer.spec)).toBe(channels * 12 + 12 + 4 * 7 + 7);
    const params = init(layer.spec, key(1));
    const input = x();
    const flat = tf.reshape(input, [batch * tokens, channels]);
    const projected = tf.reshape(tf.add(tf.matMul(flat, params.qkv.weight), params.qkv.bias!), [batch, tokens, 12]);
    const [q, k, v] = tf.split(projected, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const seen = tf.matMul(tf.softmax(tf.div(tf.matMul(q, k, false, true), 2)), v);
    const expected = tf.reshape(tf.matMul(tf.reshape(seen, [batch * tokens, 4]), params.output.weight), [batch, tokens, 7]);
    const difference = tf.max(tf.abs(tf.sub(layer.apply(params, input), expected))).dataSync()[0]!;
    expect(difference).toBeLessThan(1e-5);

    const weights = tf.softmax(tf.div(tf.matMul(q, k, false, true), 2));
    expect(tf.max(tf.abs(tf.sub(layer.weights(params, input), weights))).dataSync()[0]!).toBeLessThan(1e-6);

    const causal = tinyAttention({ ...options, causal: true });
    const attended = causal.weights(params, input).arraySync() as number[][][];
    for (const sample of attended) {
      for (const [i, row] of sample.entries()) {
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
        expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true);
      }
    }
    const last = tf.concat([tf.zeros([batch, tokens - 1, channels]), tf.ones([batch, 1, channels])], 1);
    const early = (y: tf.Tensor): number[] => Array.from(tf.slice(y, [0, 0, 0], [batch, tokens - 1, 7]).dataSync());
    expect(early(causal.apply(params, tf.add(input, last)))).toEqual(early(causal.apply(params, input)));
  });
});

it('relative positions: the bias of two tokens is that of their distance', () => {
  tf.tidy(() => {
    const layer = relativePositionBias({ heads, buckets: 8, maximumDistance: 6 });
    const params = init(layer.spec, key(2));
    const table = params.weight.arraySync() as number[][];
    const bias = layer.apply(params, tokens).arraySync() as number[][][][];
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < tokens; i++) {
        for (let j = 0; j < tokens; j++) expect(bias[0]![h]![i]![j]).toBe(table[relativePositionBucket(j - i, 8, 6)]![h]);
      }
    }
    const gradient = tf
      .grad((weight: tf.Tensor) => layer.apply({ weight }, tokens))(params.weight)
      .arraySync() as number[][];
    const uses = (bucket: number): number => {
      let count = 0;
      for (let i = 0; i < tokens; i++) {
        for (let j = 0; j < tokens; j++) if (relativePositionBucket(j - i, 8, 6) === bucket) count++;
      }
      return count;
    };
    gradient.forEach((row, bucket) => {
      expect(row).toEqual(Array(heads).fill(uses(bucket)));
    });
  });
});

describe.each(['pre', 'post'] as const)('transformerBlock with norms %s', (normPlacement) => {
  it('has the parameters of the formula, each with a gradient', () => {
    const block = transformerBlock({ channels, heads, hiddenChannels: 8, normPlacement });
    expect(countParameters(block.spec)).toBe(
      4 * (channels * channels + channels) + channels * 8 + 8 + 8 * channels + channels + 4 * channels,
    );
    const start = init(block.spec, key(0));
    const leaves = leavesOf<tf.Tensor>(start).map((leaf, i) => normal(`leaf ${i}`, ...leaf.shape));
    const direction = normal('direction', batch, tokens, channels);
    const gradients = tf.grads((...at: tf.Tensor[]) =>
      tf.sum(tf.mul(block.apply(withLeaves<tf.Tensor, tf.Tensor, typeof start>(start, at), { x: x() }, inference), direction)),
    )(leaves);
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
  });

  it('draws its dropouts from the key, and none in use', () => {
    tf.tidy(() => {
      const block = transformerBlock({ channels, heads, hiddenChannels: 8, normPlacement, dropout: 0.3, attentionDropout: 0.3 });
      const params = init(block.spec, key(0));
      const run = (seed?: number): number[] =>
        Array.from(
          block.apply(params, { x: x() }, seed === undefined ? inference : { training: true, key: key(seed) }).dataSync(),
        );
      expect(run(1)).toEqual(run(1));
      expect(run(1)).not.toEqual(run(2));
      expect(run()).toEqual(run());
      expect(() => block.apply(params, { x: x() }, { training: true })).toThrow(/dropout: .*pass a key/);
    });
  });
});
