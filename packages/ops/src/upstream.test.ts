/** What is worked around in TF.js 4.22: each test fails when upstream mends it, and the workaround can go. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import './each-backend.ts';

it('the gradient of a broadcast matMul has the wrong shape (tensorflow/tfjs#8721): spatialProjection has its own', async () => {
  await tf.setBackend('cpu');
  const product = (weight: tf.Tensor) => tf.matMul(weight, tf.ones([2, 4, 3]));
  expect(() => tf.grad(product)(tf.ones([1, 4, 4]))).toThrow(/does not match the shape of the input/);
});

it('wasm lacks the kernel of the gradient of gather: embedding and gatherPositions have their own', async () => {
  await tf.setBackend('wasm');
  const rows = (table: tf.Tensor) => tf.gather(table, tf.tensor1d([0, 1], 'int32'));
  expect(() => tf.grad(rows)(tf.ones([3, 2]))).toThrow(/UnsortedSegmentSum/);
});

it('the CommonJS bundle that Node loads has no gradients: register-gradients brings them', async () => {
  const { execFileSync } = await import('node:child_process');
  const script = "import * as tf from '@tensorflow/tfjs-core'; console.log(tf.getGradient('Multiply') === undefined)";
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(output.trim()).toBe('true');
});
