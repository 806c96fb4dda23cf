import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, ints, normal, onEachBackend, toTensor } from './each-backend.ts';
import { embedding } from './embedding.ts';

onEachBackend('embedding: rows of the table, with the shape of the ids', () => {
  const table = normal('table', [5, 3]);
  const y = embedding(toTensor(ints([2, 2], [4, 0, 4, 1])), toTensor(table) as tf.Tensor2D);
  expect(y.shape).toEqual([2, 2, 3]);
  expect(Array.from(y.dataSync())).toEqual([4, 0, 4, 1].flatMap((id) => Array.from(table.data.subarray(id * 3, id * 3 + 3))));
});

onEachBackend('embedding: the gradient of a row sums over all places of its id, and is zero for the others', async () => {
  await expectGradients(
    (ids, table) => embedding(ids!, table as tf.Tensor2D),
    [ints([2, 3], [1, 4, 1, 1, 0, 4]), normal('t', [6, 2])],
  );
  await expectGradients((ids, table) => embedding(ids!, table as tf.Tensor2D), [ints([], [1]), normal('t', [2, 3])]);
});

onEachBackend('embedding: an id without a row is refused', () => {
  const table = toTensor(normal('table', [5, 3])) as tf.Tensor2D;
  const look = (...ids: number[]) => embedding(toTensor(ints([ids.length], ids)), table);
  expect(() => look(0, 5)).toThrow(/embedding: expected ids from 0 to 4, got 5 at element 1; the table has no such row/);
  expect(() => look(-1)).toThrow(/expected ids from 0 to 4, got -1 at element 0/);
});

it('embedding: float ids are refused', () => {
  expect(() => embedding(tf.zeros([2]), tf.zeros([4, 3]))).toThrow(
    /embedding: expected int32 ids \[...\].*got ids float32 \[2\]/,
  );
});
