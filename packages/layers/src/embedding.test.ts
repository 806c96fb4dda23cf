import { key, randomNormal } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { embedding } from './embedding.ts';
import { init } from './parameters.ts';

beforeAll(() => tf.setBackend('cpu'));

const table = embedding({ vocabulary: 7, channels: 3 });

it('looks up rows, and scores against every row on the way back', () => {
  tf.tidy(() => {
    const params = init(table.spec, key(0));
    const ids = tf.tensor2d(
      [
        [6, 0],
        [2, 2],
      ],
      [2, 2],
      'int32',
    );
    const rows = params.weight.arraySync() as number[][];
    const looked = table.apply(params, ids);
    expect(looked.arraySync()).toEqual([
      [rows[6], rows[0]],
      [rows[2], rows[2]],
    ]);
    const logits = table.logits(params, looked).arraySync() as number[][][];
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(logits[1]![0]).toHaveLength(7);
    for (let id = 0; id < 7; id++) expect(logits[0]![0]![id]).toBeCloseTo(dot(rows[6]!, rows[id]!), 6);
  });
});

it('a table that is used both ways gets the sum of both gradients', () => {
  tf.tidy(() => {
    const { weight } = init(table.spec, key(0));
    const ids = tf.tensor1d([1, 4], 'int32');
    const weights = tf.tensor2d(randomNormal(key(2), 14), [2, 7]);
    const loss = (w: tf.Tensor): tf.Tensor =>
      tf.sum(tf.mul(table.logits({ weight: w }, table.apply({ weight: w }, ids)), weights));
    const plain = (w: tf.Tensor): tf.Tensor => {
      const chosen = tf.matMul(tf.oneHot(ids, 7, 1, 0, 'float32') as tf.Tensor2D, w as tf.Tensor2D);
      return tf.sum(tf.mul(tf.matMul(chosen, w as tf.Tensor2D, false, true), weights));
    };
    const [actual, expected] = [tf.grad(loss)(weight).dataSync(), tf.grad(plain)(weight).dataSync()];
    actual.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 6));
  });
});
