/**
 * Sums of rows: y[r] = sum of updates[k] over all k with indices[k] = r.
 *
 *   indices int32 [count], updates [count, channels] -> y [rows, channels]
 *
 * The gradient of taking rows of a table, `embedding`. Its order is that of k on every device, so that the same call gives the
 * same bits: no kernel that scatters from several threads at once does (tensorflow/tfjs scatterND on WebGPU adds with atomics,
 * ONNX Runtime's ScatterND loses updates, microsoft/onnxruntime#18048). Where a backend has no kernel of ours it is a product
 * with one-hot columns.
 *
 * An index that `rows` has no place for is an error where indices lie on the host; elsewhere it adds nothing.
 */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectIndicesOnHost } from './expect-indices-on-host.ts';
import { expectShape } from './expect-shape.ts';
import { fusedKernel } from './fused-kernel.ts';

export function scatterAdd(indices: Tensor1D, updates: Tensor2D, rows: number): Tensor2D {
  expectShape(
    indices.rank === 1 && indices.dtype === 'int32' && updates.rank === 2 && updates.shape[0] === indices.shape[0],
    'scatterAdd',
    'int32 indices [count], updates [count, channels]',
    { indices, updates },
  );
  expectIndicesOnHost('scatterAdd', 'index', indices, rows, `the result has ${rows} rows`);
  const fused = fusedKernel('GmlpScatterAdd', { indices, updates }, { rows });
  return (fused?.[0] as Tensor2D | undefined) ?? oneHotProduct(indices, updates, rows);
}

/** Elements of the one-hot columns of one product: 128 MiB. */
const largestOneHot = 2 ** 25;

/** How many indices one product takes, so that its one-hot columns stay small. */
export function oneHotColumns(count: number, rows: number): number {
  return Math.max(1, Math.min(count, Math.floor(largestOneHot / rows)));
}

function oneHotProduct(indices: Tensor1D, updates: Tensor2D, rows: number): Tensor2D {
  const [count, channels] = updates.shape;
  return tf.tidy(() => {
    const rowNumbers = tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]);
    const columns = oneHotColumns(count, rows);
    let sum: Tensor2D = tf.zeros([rows, channels]);
    for (let start = 0; start < count; start += columns) {
      const size = Math.min(columns, count - start);
      const oneHot = tf.cast(tf.equal(rowNumbers, tf.reshape(tf.slice(indices, start, size), [1, size])), 'float32');
      sum = tf.add(sum, tf.matMul(oneHot as Tensor2D, tf.slice(updates, [start, 0], [size, channels])));
    }
    return sum;
  });
}
