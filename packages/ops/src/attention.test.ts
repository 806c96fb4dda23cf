import { key } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { attend } from './attend.ts';
import { attentionScores } from './attention-scores.ts';
import { expectGradients, normal, onEachBackend, toTensor } from './each-backend.ts';
import { keepMask } from './keep-mask.ts';

const [batch, heads, queries, keys, channels, width] = [2, 3, 4, 5, 6, 2];
const q = normal('q', [batch, heads, queries, channels]);
const k = normal('k', [batch, heads, keys, channels]);
const v = normal('v', [batch, heads, keys, width]);

onEachBackend('attention: softmax(q k^T / sqrt(channels)) v, element by element', () => {
  const y = attend(attentionScores(toTensor(q), toTensor(k)), toTensor(v)).arraySync() as number[][][][];
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++) {
        const head = b * heads + h;
        const scores = Array.from({ length: keys }, (_, j) => {
          let sum = 0;
          for (let c = 0; c < channels; c++) {
            sum += q.data[(head * queries + i) * channels + c]! * k.data[(head * keys + j) * channels + c]!;
          }
          return Math.exp(sum / Math.sqrt(channels));
        });
        const total = scores.reduce((sum, score) => sum + score);
        for (let c = 0; c < width; c++) {
          const expected = scores.reduce((sum, score, j) => sum + (score / total) * v.data[(head * keys + j) * width + c]!, 0);
          expect(y[b]![h]![i]![c]).toBeCloseTo(expected, 5);
        }
      }
    }
  }
});

onEachBackend('attention: gradients are those of the values, with heads or without, with dropout or without', async () => {
  const seed = key(4);
  await expectGradients((q, k) => attentionScores(q!, k!), [q, k]);
  await expectGradients((q, k) => attentionScores(q!, k!, { scale: 2 }), [normal('a', [2, 3, 4]), normal('b', [2, 5, 4])]);
  const scores = normal('s', [batch, heads, queries, keys]);
  await expectGradients((s, v) => attend(s!, v!), [scores, v]);
  await expectGradients((s, v) => attend(s!, v!, { rate: 0.4, key: seed }), [scores, v]);
  await expectGradients((s, v) => attend(s!, v!), [normal('s3', [2, 3, 4]), normal('v3', [2, 4, 5])]);
});

onEachBackend('attention: scores that are the same for all samples come once', async () => {
  const shared = normal('shared', [1, heads, queries, keys]);
  await expectGradients((s, v) => attend(s!, v!), [shared, v]);
  await expectGradients((s, v) => attend(s!, v!, { rate: 0.4, key: key(4) }), [shared, v]);
  const tiled = tf.tile(toTensor(shared), [batch, 1, 1, 1]);
  expect(Array.from(attend(toTensor(shared), toTensor(v)).dataSync())).toEqual(Array.from(attend(tiled, toTensor(v)).dataSync()));
});

onEachBackend('attention: dropout zeroes weights by the mask of the key', () => {
  const ones = tf.ones([1, 1, 4, 1]);
  const mask = keepMask(key(6), [1, 1, 8, 4], 0.5);
  const y = attend(tf.zeros([1, 1, 8, 4]), ones, { rate: 0.5, key: key(6) }).dataSync();
  y.forEach((value, row) => {
    const kept = mask.subarray(4 * row, 4 * row + 4).reduce((sum, bit) => sum + bit, 0);
    expect(value).toBeCloseTo((kept / 4) * 2, 6);
  });
});

it('attention: shapes that do not fit are named', () => {
  expect(() => attentionScores(tf.zeros([2, 3, 4]), tf.zeros([2, 3, 5]))).toThrow(
    /attentionScores: expected queries .*, got queries float32 \[2, 3, 4\], keys float32 \[2, 3, 5\]/,
  );
  expect(() => attend(tf.zeros([3, 4, 4]), tf.zeros([2, 4, 5]))).toThrow(/attend: expected scores/);
  expect(() => attend(tf.zeros([2, 4, 4]), tf.zeros([2, 4, 5]), { rate: 1, key: key(0) })).toThrow(/0 <= rate < 1, got rate 1/);
});
