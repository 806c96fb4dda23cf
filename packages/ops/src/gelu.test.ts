import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, normal, onEachBackend } from './each-backend.ts';
import { gelu } from './gelu.ts';

for (const form of ['erf', 'tanh'] as const) {
  onEachBackend(`gelu ${form}: its gradient is that of its values`, async () => {
    await expectGradients((x) => gelu(x!, form), [normal('x', [3, 2, 5], 1.5)]);
  });

  onEachBackend(`gelu ${form}: x - gelu(x) is gelu(-x), zero at zero, the identity far right, finite everywhere`, () => {
    const x = tf.tensor1d([-200, -30, -3, -1, 0, 1, 3, 30, 200]);
    const y = gelu(x, form).dataSync();
    const mirrored = gelu(tf.neg(x), form).dataSync();
    x.dataSync().forEach((value, i) => {
      expect(Math.abs(y[i]! + mirrored[i]! * -1 - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
    });
    expect(y[4]).toBe(0);
    expect([y[7], y[8]]).toEqual([30, 200]);
    const slope = Array.from(
      tf
        .grad((at) => gelu(at, form))(x)
        .dataSync(),
    );
    expect(slope.every(Number.isFinite)).toBe(true);
    expect([slope[0], slope[4], slope[8]].map((value) => Math.round(value! * 1e5) / 1e5 + 0)).toEqual([0, 0.5, 1]);
  });
}

onEachBackend('gelu: the forms agree to a few thousandths; scalars and empty tensors pass', () => {
  const x = tf.linspace(-4, 4, 101);
  expect(tf.max(tf.abs(tf.sub(gelu(x), gelu(x, 'tanh')))).dataSync()[0]).toBeLessThan(1e-3);
  expect(gelu(tf.scalar(1)).dataSync()[0]).toBeCloseTo(0.841345, 5);
  expect(gelu(tf.zeros([0, 3])).shape).toEqual([0, 3]);
});

it('gelu: an unknown form is named', () => {
  expect(() => gelu(tf.scalar(1), 'quick' as 'erf')).toThrow(/gelu: expected approximate 'erf' or 'tanh', got approximate quick/);
});
