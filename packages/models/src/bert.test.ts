import { key } from '@gmlp/base';
import { inference, init } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BertOptions } from './bert.ts';
import { createModel } from './create-model.ts';

beforeAll(() => tf.setBackend('cpu'));

const options: BertOptions = {
  family: 'bert',
  vocabulary: 11,
  tokens: 6,
  channels: 8,
  hiddenChannels: 12,
  heads: 2,
  layers: 2,
  segments: 2,
};
const forms = {
  bert: options,
  relative: { ...options, positions: 'relative', normPlacement: 'pre' },
  'without content': { ...options, positions: 'relative', normPlacement: 'pre', content: false },
} as const;
const ints = (rows: number[][]): tf.Tensor => tf.tensor2d(rows, undefined, 'int32');
const values = (x: tf.Tensor): number[] => Array.from(x.dataSync());

describe.each(Object.entries(forms))('%s', (_, form) => {
  const { module: model } = createModel(form as BertOptions);

  it('reads a shorter sequence as a padded one under its mask', () => {
    tf.tidy(() => {
      const params = init(model.spec, key(0));
      const short = values(model.apply(params, { ids: ints([[3, 4, 5, 6]]) }, inference));
      const mask = tf.tensor2d([[1, 1, 1, 1, 0, 0]], undefined, 'bool');
      const padded = (tail: number[]): number[] =>
        values(
          tf.slice(model.apply(params, { ids: ints([[3, 4, 5, 6, ...tail]]), mask }, inference) as tf.Tensor3D, 0, [1, 4, 11]),
        );
      padded([0, 0]).forEach((value, index) => {
        expect(value).toBeCloseTo(short[index]!, 5);
      });
      expect(padded([7, 8])).toEqual(padded([0, 0]));
    });
  });

  it('tells order and segments apart; without segments all tokens are of the first', () => {
    tf.tidy(() => {
      const params = init(model.spec, key(1));
      const run = (row: number[], segments?: number[]): number[] =>
        values(model.apply(params, { ids: ints([row]), ...(segments && { segments: ints([segments]) }) }, inference));
      const plain = run([3, 4, 5]);
      expect(run([3, 4, 5], [0, 0, 0])).toEqual(plain);
      expect(run([3, 4, 5], [0, 1, 1])).not.toEqual(plain);
      expect(run([3, 5, 4]).slice(0, 11)).not.toEqual(plain.slice(0, 11));
    });
  });

  it('gives the same logits at chosen positions as at all', () => {
    tf.tidy(() => {
      const params = init(model.spec, key(2));
      const ids = ints([[3, 4, 5]]);
      const all = values(model.apply(params, { ids }, inference));
      values(model.apply(params, { ids, positions: ints([[2, 0]]) }, inference)).forEach((value, index) => {
        expect(value).toBeCloseTo(all[index < 11 ? 22 + index : index - 11]!, 5);
      });
    });
  });
});

it('draws dropout from the key in training', () => {
  tf.tidy(() => {
    const { module: model } = createModel({ ...options, dropout: 0.2, attentionDropout: 0.2 });
    const params = init(model.spec, key(0));
    const run = (seed: number): number[] =>
      values(model.apply(params, { ids: ints([[1, 2, 3]]) }, { training: true, key: key(seed) }));
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});

it('refuses text that does not fit', () => {
  const { module: model } = createModel(options);
  const params = init(model.spec, key(0));
  const apply = (input: Parameters<typeof model.apply>[1]): tf.Tensor => model.apply(params, input, inference);
  const ids = ints([[1, 2, 3]]);
  expect(() => apply({ ids: tf.zeros([1, 7], 'int32') })).toThrow(/at most 6 tokens, got 7; cut them/);
  expect(() => apply({ ids: tf.zeros([1, 3]) })).toThrow(/expected ids int32 \[batch, tokens\], got float32 \[1, 3\]/);
  expect(() => apply({ ids, segments: ints([[0, 1]]) })).toThrow(/expected segments int32 \[1, 3\], .*got int32 \[1, 2\]/);
  expect(() => apply({ ids, mask: ints([[1, 1, 0]]) })).toThrow(/expected mask bool \[1, 3\], .*got int32/);
});

it.each([
  [{ heads: 3 }, /config\.heads: the heads share the channels/],
  [{ content: false }, /config\.content: .*positions "relative" are needed/],
  [{ dropout: 1 }, /config\.dropout: expected less than 1, got 1/],
])('refuses the config %j', (change, message) => {
  expect(() => createModel({ ...options, ...change })).toThrow(message);
});
