import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Device } from './device.ts';
import { eagerDevice } from './eager-device.ts';
import { productRate } from './product-rate.ts';

/** A clock on which a product of n x n takes 2 n^3 / rate seconds, whatever else is done. */
function clockOf(rate: (size: number) => number): { readonly now: () => number; readonly sizes: number[] } {
  const sizes: number[] = [];
  let time = 0;
  let reading = 0;
  return {
    sizes,
    now() {
      // Asked before and after each of six calls of a size, but for the first, which is not timed at its end.
      const size = [128, 512, 1024][Math.floor(reading / 11)]!;
      if (reading++ % 11 === 0) sizes.push(size);
      time += (2 * size ** 3) / rate(size);
      return time;
    },
  };
}

it('is the best rate of the sizes that do not take long, and leaves no tensor behind', async () => {
  await tf.setBackend('cpu');
  const device = eagerDevice('tfjs-cpu', 'cpu');
  const before = tf.memory().numTensors;
  const slow = clockOf(() => 1e9);
  expect(await productRate(device, slow.now)).toBeCloseTo(1e9, -3);
  expect(slow.sizes).toEqual([128]); // 512 would take 0.27 s
  expect(tf.memory().numTensors).toBe(before);
});

it('takes the larger sizes where they are fast, and the best of them', async () => {
  const clock = clockOf((size) => (size === 128 ? 3e9 : 2e9));
  const nothing = { dispose: () => undefined };
  const product = Object.assign(async () => nothing, { dispose: async () => undefined });
  const device = { compile: () => product, put: () => nothing, read: async () => nothing } as unknown as Device;
  expect(await productRate(device, clock.now)).toBeCloseTo(3e9, -3);
  expect(clock.sizes).toEqual([128, 512]); // the largest would take 0.7 s
});
