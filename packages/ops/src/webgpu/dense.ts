/** The dense map (../dense.ts) by TF.js's own products, which take the bias and transposed factors without a dispatch more. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { columnSum, tile } from './column-sums.ts';
import type { WebgpuKernel } from './kernel.ts';
import { runShader, type Shader, type WebgpuBackend } from './shader.ts';

const sumOfRows: Shader = {
  name: 'sum of rows',
  outputs: ['sum'],
  inputs: { x: 'f32' },
  constants: {},
  workgroup: [tile, tile],
  declarations: columnSum,
  body: `
  let columns = constants.size_sum;
  let rows = constants.size_x / columns;
  let column = group * ${tile} + local.x;
  var total = 0.0;
  if (column < columns) {
    for (var row = local.y; row < rows; row += ${tile}) { total += x[row * columns + column]; }
  }
  let result = column_sum(total, local.x, local.y);
  if (local.y == 0 && column < columns) { sum[column] = result; }`,
};

function product(
  backend: WebgpuBackend,
  inputs: Record<string, TensorInfo>,
  transposed: { transposeA?: boolean; transposeB?: boolean } = {},
): TensorInfo {
  const { kernelFunc } = tf.getKernel('_FusedMatMul', 'webgpu');
  const attrs = { transposeA: false, transposeB: false, activation: 'linear', ...transposed };
  return kernelFunc({ inputs, attrs, backend }) as TensorInfo;
}

export const dense: WebgpuKernel = (backend, { x, weight, bias }) => [
  product(backend, { a: x!, b: weight!, ...(bias && { bias }) }),
];

export const denseGradient: WebgpuKernel = (backend, { x, weight, dy }, { bias }) => {
  const columns = weight!.shape[1]!;
  const dx = product(backend, { a: dy!, b: weight! }, { transposeB: true });
  const dweight = product(backend, { a: x!, b: dy! }, { transposeA: true });
  if (!bias) return [dx, dweight];
  return [dx, dweight, ...runShader(backend, sumOfRows, { x: dy! }, [[columns]], {}, Math.ceil(columns / tile))];
};
