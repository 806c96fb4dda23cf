import { expectClose, fixture } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { at, onEachBackend, toHost, toTensor } from './each-backend.ts';
import { sgd, sgdInit } from './sgd.ts';

onEachBackend('sgd: the parameters of torch.optim.SGD with momentum after each of twelve steps', () => {
  const set = fixture('optim');
  let params = { w: toTensor(set.get('p0')) };
  let state = sgdInit(params);
  for (let step = 0; step < 12; step++) {
    const gradients = { w: toTensor(at(set.get('grads'), step)) };
    ({ params, state } = sgd(params, state, gradients, tf.scalar(1e-2), { momentum: 0.9 }));
    expectClose(toHost(params.w), at(set.get('sgd_momentum'), step), { name: `step ${step}` });
  }
});

onEachBackend('sgd: without momentum a step is rate times gradient; only the results are left behind', () => {
  const params = [tf.tensor1d([1, 2])];
  const [state, gradients, rate] = [sgdInit(params), [tf.tensor1d([10, -10])], tf.scalar(0.1)];
  const before = tf.memory().numTensors;
  const next = sgd(params, state, gradients, rate);
  expect(tf.memory().numTensors).toBe(before + 3);
  expect(Array.from(next.params[0]!.dataSync())).toEqual([0, 3]);
  expect(next.state.step.dataSync()[0]).toBe(1);
});

it('sgd: a momentum of one and shapes that do not fit are refused', () => {
  const params = [tf.zeros([2])];
  expect(() => sgd(params, sgdInit(params), params, tf.scalar(1), { momentum: 1 })).toThrow(/sgd: expected 0 <= momentum < 1/);
  expect(() => sgd(params, sgdInit([tf.zeros([3])]), [tf.zeros([3])], tf.scalar(1))).toThrow(/sgd at 0: expected a gradient/);
  // A gradient or a velocity of one number would be spread over all.
  const wide = sgdInit([tf.zeros([1])]);
  expect(() => sgd(params, sgdInit(params), [tf.zeros([1])], tf.scalar(1), { momentum: 0.9 })).toThrow(
    /sgd at 0: expected a gradient/,
  );
  expect(() => sgd(params, wide, params, tf.scalar(1), { momentum: 0.9 })).toThrow(
    /sgd at 0: expected a gradient and a velocity/,
  );
});
