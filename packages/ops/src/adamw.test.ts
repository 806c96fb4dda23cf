import { expectClose, fixture } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { adamw, adamwInit } from './adamw.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { at, normal, onEachBackend, toHost, toTensor } from './each-backend.ts';

const setups = {
  adamw: {
    rate: 1e-2,
    options: { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.05 },
    maxNorm: Number.POSITIVE_INFINITY,
  },
  adamw_clip1: { rate: 1e-2, options: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }, maxNorm: 1 },
};

/** With the kernel of the backend, and with the composition that backends without one run. */
for (const composed of [false, true]) {
  onEachBackend(`adamw${composed ? ', composed' : ''}: the parameters of torch.optim.AdamW after each of twelve steps`, () => {
    const kernel = tf.getKernel('GmlpAdamW', tf.getBackend());
    if (composed && kernel) tf.unregisterKernel('GmlpAdamW', tf.getBackend());
    try {
      for (const [name, { rate, options, maxNorm }] of Object.entries(setups)) {
        const set = fixture('optim');
        let params = { w: toTensor(set.get('p0')) };
        let state = adamwInit(params);
        for (let step = 0; step < 12; step++) {
          const raw = { w: toTensor(at(set.get('grads'), step)) };
          const gradients = maxNorm < Number.POSITIVE_INFINITY ? clipByGlobalNorm(raw, maxNorm).gradients : raw;
          ({ params, state } = adamw(params, state, gradients, tf.scalar(rate), options));
          expectClose(toHost(params.w), at(set.get(name), step), { name: `${name} step ${step}` });
        }
      }
    } finally {
      if (composed && kernel) tf.registerKernel(kernel);
    }
  });
}

onEachBackend('adamw: a scale of the gradients is as if they came scaled', () => {
  const mean = toTensor(normal('g', [50]));
  const after = (gradient: Tensor, scale?: number): Float32Array => {
    let params: Tensor[] = [toTensor(normal('p', [50]))];
    let state = adamwInit(params);
    for (let step = 0; step < 3; step++) {
      const options = scale === undefined ? {} : { scale: tf.scalar(scale) };
      ({ params, state } = adamw(params, state, [gradient], tf.scalar(0.01), options));
    }
    return params[0]!.dataSync() as Float32Array;
  };
  // A power of two leaves all digits as they are.
  expect(after(tf.mul(mean, 64), 1 / 64)).toEqual(after(mean));
  expect(after(tf.mul(mean, 64))).not.toEqual(after(mean));
});

onEachBackend('adamw: only the leaves that decay shrink, the inputs stay, and only the results are left behind', () => {
  const params = { weight: tf.fill([2, 3], 2), bias: tf.fill([3], 2) };
  const gradients = { weight: tf.zeros([2, 3]), bias: tf.zeros([3]) };
  const state = adamwInit(params);
  const rate = tf.scalar(0.5);
  const before = tf.memory().numTensors;
  const next = adamw(params, state, gradients, rate, { weightDecay: 0.1, decayed: { weight: true, bias: false } });
  expect(tf.memory().numTensors).toBe(before + 7);
  expect(next.params.weight.dataSync()[0]).toBeCloseTo(1.9, 6);
  expect(next.params.bias.dataSync()[0]).toBe(2);
  expect(params.weight.dataSync()[0]).toBe(2);
  expect([state.step.dataSync()[0], next.state.step.dataSync()[0]]).toEqual([0, 1]);
});

onEachBackend('adamw: a constant gradient moves every parameter by the rate, whatever its size', () => {
  const gradient = toTensor(normal('g', [50]));
  let params: Tensor[] = [tf.zeros([50])];
  let state = adamwInit(params);
  for (let step = 1; step <= 5; step++) {
    ({ params, state } = adamw(params, state, [gradient], tf.scalar(0.01), { epsilon: 1e-12, weightDecay: 0 }));
    const signed = params[0]!.dataSync().map((value, i) => value * -Math.sign(gradient.dataSync()[i]!));
    for (const value of signed) expect(value).toBeCloseTo(0.01 * step, 5);
  }
});

it('adamw: trees and shapes that do not fit are named', () => {
  const params = { w: tf.zeros([2]) };
  const state = adamwInit(params);
  expect(() => adamw(params, state, { v: tf.zeros([2]) } as never, tf.scalar(1))).toThrow(/expected a leaf at w, got v/);
  expect(() => adamw(params, state, { w: tf.zeros([3]) }, tf.scalar(1))).toThrow(/adamw at w: expected .*gradient float32 \[3\]/);
  expect(() => adamw(params, state, params, tf.tensor1d([1]) as never)).toThrow(/adamw: expected a scalar rate/);
});
