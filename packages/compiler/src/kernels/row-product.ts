import type { Lowering } from '../kernel-rule.ts';

/** Elements of the matrix below which one thread is as fast. */
const worthSplitting = 2 ** 17;
const parts = 8;

/**
 * A row times a matrix, [1, rows] x [rows, columns] -> [1, columns]: what sums over rows. ONNX Runtime's CPU provider gives a
 * product of one row to one thread; cut into parts along the rows it is a batch of products, which the threads share.
 */
export function lowerRowProduct(l: Lowering, row: string, matrix: string, rows: number, columns: number, output: string): void {
  if (l.target.provider !== 'cpu' || rows % parts !== 0 || rows * columns < worthSplitting) {
    l.emit('Gemm', [row, matrix], [output]);
    return;
  }
  const shape = (...extents: number[]): string => l.constant('int64', [extents.length], extents);
  const cutRow = l.add('Reshape', [row, shape(parts, 1, rows / parts)]);
  const cutMatrix = l.add('Reshape', [matrix, shape(parts, rows / parts, columns)]);
  l.emit('ReduceSum', [l.add('MatMul', [cutRow, cutMatrix]), shape(0)], [output], { keepdims: 0 });
}
