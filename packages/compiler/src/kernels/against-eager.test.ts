/** Corners of TF.js's kernels: dtypes other than float32, negative axes, extents of 0. A graph gives what TF.js gives. */
import '@tensorflow/tfjs-backend-cpu';
import { type HostArray, hostArray } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { runGraph } from '../run-graph.ts';
import { trace } from '../trace.ts';

const ints = hostArray('int32', [2, 2], Int32Array.of(7, -7, 0, 2));
const bools = hostArray('bool', [3], Uint8Array.of(1, 0, 1));
const floats = hostArray('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
const nothing = hostArray('float32', [2, 0, 3], new Float32Array(0));

const cases: [name: string, fn: (x: tf.Tensor) => tf.Tensor, x: HostArray][] = [
  ['mean of integers', (x) => tf.mean(x, 1), ints],
  ['mean of bools', (x) => tf.mean(x), bools],
  ['sign of integers', (x) => tf.sign(x), ints],
  ['choice between an integer and a float', (x) => tf.where(tf.greater(x, 0), x, 0.5), ints],
  ['gather along a negative axis', (x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), -1), floats],
  ['reshape of nothing to fewer axes', (x) => tf.reshape(x, [0, 3]), nothing],
  ['reshape of nothing to a vector', (x) => tf.reshape(x, [0]), nothing],
];

test.each(cases)('%s', async (_, fn, x) => {
  await tf.setBackend('cpu');
  const { graph } = trace(fn, [x]);
  const [actual] = await runGraph(graph, [x]);
  const expected = tf.tidy(() => {
    const y = fn(tf.tensor(x.data as Float32Array, [...x.shape], x.dtype as 'float32'));
    return { dtype: y.dtype, shape: y.shape, data: [...y.dataSync()] };
  });
  expect({ ...actual!, data: [...actual!.data] }).toEqual(expected);
});
