import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, ints, normal, onEachBackend, toTensor } from './each-backend.ts';
import { gatherPositions } from './gather-positions.ts';

const gather = (x: tf.Tensor, positions: tf.Tensor) => gatherPositions(x as tf.Tensor3D, positions as tf.Tensor2D);

onEachBackend('gatherPositions: each sample has its own positions', () => {
  const x = tf.reshape(tf.range(0, 24), [2, 4, 3]);
  const y = gather(x, toTensor(ints([2, 2], [3, 0, 1, 1])));
  expect(y.arraySync()).toEqual([
    [
      [9, 10, 11],
      [0, 1, 2],
    ],
    [
      [15, 16, 17],
      [15, 16, 17],
    ],
  ]);
});

onEachBackend('gatherPositions: gradients of a position chosen twice add', async () => {
  await expectGradients((x, positions) => gather(x!, positions!), [normal('x', [2, 4, 3]), ints([2, 3], [3, 0, 3, 1, 1, 1])]);
});

onEachBackend('gatherPositions: a position outside of the sequence is refused', () => {
  const x = tf.zeros([2, 4, 3]);
  const look = (...positions: number[]) => gather(x, toTensor(ints([2, 1], positions)));
  expect(() => look(0, 4)).toThrow(
    /gatherPositions: expected positions from 0 to 3, got 4 at element 1; sequences have 4 tokens/,
  );
  expect(() => look(-1, 0)).toThrow(/expected positions from 0 to 3, got -1 at element 0/);
});

it('gatherPositions: another batch is refused', () => {
  expect(() => gather(tf.zeros([2, 4, 3]), tf.zeros([3, 1], 'int32'))).toThrow(
    /gatherPositions: expected .* got x float32 \[2, 4, 3\], positions int32 \[3, 1\]/,
  );
});
