import '@tensorflow/tfjs-backend-cpu';
import { key } from '@gmlp/base';
import { countParameters, inference, init } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { createModel } from './create-model.ts';

beforeAll(() => tf.setBackend('cpu'));

const options = {
  family: 'transformer',
  vocabulary: 11,
  tokens: 6,
  channels: 8,
  hiddenChannels: 12,
  heads: 2,
  layers: 2,
} as const;
const { module: model } = createModel(options);
const ids = (rows: number[][]): tf.Tensor => tf.tensor2d(rows, undefined, 'int32');
const source = (): tf.Tensor => ids([[3, 4, 5, 0, 0]]);
const target = (): tf.Tensor => ids([[2, 7, 8, 9]]);
const values = (x: tf.Tensor): number[] => Array.from(x.dataSync());

it('never looks at padding of the source, nor at later tokens of the target', () => {
  tf.tidy(() => {
    const params = init(model.spec, key(0));
    const logits = (from: tf.Tensor, to: tf.Tensor): tf.Tensor => model.apply(params, { source: from, target: to }, inference);
    const padded = values(logits(source(), target()));
    values(logits(ids([[3, 4, 5]]), target())).forEach((value, index) => {
      expect(value).toBeCloseTo(padded[index]!, 5);
    });
    const early = (x: tf.Tensor): number[] => values(tf.slice(x, [0, 0, 0], [1, 2, 11]));
    expect(early(logits(source(), ids([[2, 7, 1, 1]])))).toEqual(padded.slice(0, 22));
    expect(values(logits(ids([[3, 4, 6, 0, 0]]), target()))).not.toEqual(padded);
    expect(values(logits(ids([[4, 3, 5, 0, 0]]), target()))).not.toEqual(padded); // places count
  });
});

it('decodes at chosen positions what it decodes there among all', () => {
  tf.tidy(() => {
    const params = init(model.spec, key(1));
    const memory = model.encode(params, source(), inference);
    const input = { source: source(), target: target(), memory };
    const all = values(model.decode(params, input, inference));
    const chosen = model.decode(params, { ...input, positions: ids([[3, 1]]) }, inference);
    expect(chosen.shape).toEqual([1, 2, 11]);
    values(chosen).forEach((value, index) => {
      expect(value).toBeCloseTo(all[index < 11 ? 33 + index : index]!, 5);
    });
    expect(values(model.apply(params, { source: source(), target: target() }, inference))).toEqual(all);
  });
});

it('draws dropout from the key in training', () => {
  tf.tidy(() => {
    const { module: dropping } = createModel({ ...options, dropout: 0.3 });
    const params = init(dropping.spec, key(0));
    const run = (seed: number): number[] =>
      values(dropping.apply(params, { source: source(), target: target() }, { training: true, key: key(seed) }));
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});

it('counts the shared table once', () => {
  const millions = (name: 'transformer_base' | 'transformer_big'): string =>
    (countParameters(createModel(name).module.spec) / 1e6).toFixed(1);
  expect([millions('transformer_base'), millions('transformer_big')]).toEqual(['63.1', '214.2']);
});

it('names what does not fit', () => {
  const params = init(model.spec, key(0));
  const apply = (from: tf.Tensor): tf.Tensor => model.apply(params, { source: from, target: target() }, inference);
  expect(() => apply(ids([[1, 2, 3, 4, 5, 6, 7]]))).toThrow(
    /expected source in sequences of at most 6 tokens, got 7; cut them to 6/,
  );
  expect(() => apply(tf.zeros([1, 3]))).toThrow(/expected source int32 \[batch, tokens\], got float32 \[1, 3\]/);
  expect(() => createModel({ ...options, heads: 3 })).toThrow(/config\.heads: the heads share the channels/);
  expect(() => createModel({ ...options, padding: 11 })).toThrow(/config\.padding: padding is a piece of the vocabulary/);
});
