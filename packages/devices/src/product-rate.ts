/** How fast a device multiplies matrices when it does nothing else: what the speed of a model is compared with. */
import { hostArray } from '@gmlp/base';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Device } from './device.ts';

/** Rows and columns of the matrices, from small to large: a fast device shows its rate in large ones, a slow one would take long. */
const sizes: readonly number[] = [128, 512, 1024];
/** Counted calls of a size, after one that is not. */
const calls = 5;
/** A size that would take longer than this is left out, in seconds a call. */
const longest = 0.1;

/**
 * Floating-point operations a second, two a multiply-add: of products of square matrices, the median of five calls of the size that
 * gives most. It takes a fraction of a second.
 */
export async function productRate(device: Device, now: () => number = () => performance.now() / 1000): Promise<number> {
  let best = 0;
  for (const size of sizes) {
    if (best > 0 && 2 * size ** 3 > longest * best) break;
    best = Math.max(best, (2 * size ** 3) / (await secondsOf(device, size, now)));
  }
  return best;
}

async function secondsOf(device: Device, size: number, now: () => number): Promise<number> {
  // One element is read, so that a GPU has done the work too, and none of it may be left out.
  const product = device.compile((a: Tensor2D, b: Tensor2D) => tf.slice(tf.relu(tf.matMul(a, b)), [size - 1, size - 1], [1, 1]));
  const matrix = (): Tensor2D => {
    const values = Float32Array.from({ length: size * size }, (_, index) => ((index % 7) - 3) / size);
    return device.put(hostArray('float32', [size, size], values)) as unknown as Tensor2D;
  };
  const [a, b] = [matrix(), matrix()];
  const times: number[] = [];
  try {
    for (let call = 0; call <= calls; call++) {
      const start = now();
      const result = await product(a, b);
      await device.read(result);
      if (call > 0) times.push(now() - start);
      result.dispose();
    }
  } finally {
    a.dispose();
    b.dispose();
    await product.dispose();
  }
  return Math.max(times.sort((x, y) => x - y)[Math.floor(calls / 2)]!, 1e-9);
}
