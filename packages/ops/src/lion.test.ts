import { expectClose, fixture } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { at, onEachBackend, toHost, toTensor } from './each-backend.ts';
import { lion, lionInit } from './lion.ts';

const options = { beta1: 0.9, beta2: 0.98, weightDecay: 0.05 };

onEachBackend(
  'lion: the parameters of timm’s Lion after each of twelve steps, also from gradients of a sum and their scale',
  () => {
    const set = fixture('timm-lion');
    let params = { w: toTensor(set.get('in.p0')) };
    let state = lionInit(params);
    for (let step = 0; step < 12; step++) {
      const gradients = { w: tf.mul(toTensor(at(set.get('in.grads'), step)), 8) };
      const scale = tf.scalar(1 / 8);
      ({ params, state } = lion(params, state, gradients, tf.scalar(1e-2), { ...options, scale }));
      expectClose(toHost(params.w), at(set.get('out.lion'), step), { name: `step ${step}` });
    }
  },
);

onEachBackend('lion: every parameter moves by the rate, decayed leaves shrink first; only the results are left behind', () => {
  const params = { a: tf.tensor1d([1, 2]), b: tf.tensor1d([4]) };
  const gradients = { a: tf.tensor1d([10, -1e-6]), b: tf.tensor1d([0]) };
  const [state, rate] = [lionInit(params), tf.scalar(0.5)];
  const before = tf.memory().numTensors;
  const next = lion(params, state, gradients, rate, { weightDecay: 0.5, decayed: { a: false, b: true } });
  expect(tf.memory().numTensors).toBe(before + 5);
  expect(Array.from(next.params.a.dataSync())).toEqual([0.5, 2.5]);
  expect(Array.from(next.params.b.dataSync())).toEqual([3]); // no gradient: 4 (1 - 0.5 0.5)
  expect(next.state.step.dataSync()[0]).toBe(1);
});

it('lion: betas of one, decay below nothing and shapes that do not fit are refused', () => {
  const params = [tf.zeros([2])];
  const state = lionInit(params);
  expect(() => lion(params, state, params, tf.scalar(1), { beta2: 1 })).toThrow(/lion: expected 0 <= beta1, beta2 < 1/);
  expect(() => lion(params, state, params, tf.scalar(1), { weightDecay: -1 })).toThrow(/lion: expected a weightDecay/);
  expect(() => lion(params, state, [tf.zeros([1])], tf.scalar(1))).toThrow(/lion at 0: expected a gradient and a mean/);
  expect(() => lion(params, lionInit([tf.zeros([1])]), params, tf.scalar(1))).toThrow(/lion at 0: expected a gradient/);
  expect(() => lion(params, state, params, tf.tensor1d([1]) as never)).toThrow(/lion: expected a scalar rate/);
});
