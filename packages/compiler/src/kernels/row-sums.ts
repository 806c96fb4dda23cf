import { sizeOf } from '@gmlp/base';
import { oneHotColumns } from '@gmlp/ops';
import type { Lowering } from '../kernel-rule.ts';
import { onnxTypeOf } from '../onnx/types.ts';

export interface RowSums {
  /** The name of int32 indices, of any shape. */
  readonly indices: string;
  /** The input that is added: the row of each index. */
  readonly updates: string;
  readonly rows: number;
  /** The name of a table [rows, channels] that the sums are added to. */
  readonly onto?: string | undefined;
}

/**
 * Sums of rows by index as products with one-hot columns, a part of the indices after the other, so that the sums have one order.
 * ONNX Runtime's ScatterND with `reduction: add` has none: on several threads of a CPU it loses updates
 * (microsoft/onnxruntime#18048, #23396), on a GPU it adds with atomics.
 */
export function lowerRowSums(l: Lowering, { indices, updates, rows, onto }: RowSums): void {
  const { shape, dtype } = l.value(updates);
  if (dtype !== 'float32') throw new Error(`sums of rows of ${dtype}`);
  const result = l.outputValues[0]!.shape;
  const channels = rows === 0 ? 0 : sizeOf(result) / rows;
  const count = channels === 0 ? 0 : sizeOf(shape) / channels;
  const ints = (...values: number[]): string => l.constant('int64', [values.length], values);
  if (sizeOf(result) === 0 || count === 0) {
    const zeros = l.add('Expand', [l.constant('float32', [], [0]), ints(...result)]);
    l.emit('Identity', [onto ?? zeros], [l.output()]);
    return;
  }
  const rowNumbers = l.constant(
    'int32',
    [rows, 1],
    Array.from({ length: rows }, (_, row) => row),
  );
  const all = {
    indices: l.add('Reshape', [indices, ints(1, count)]),
    updates: l.add('Reshape', [l.input(updates), ints(count, channels)]),
  };
  const columns = oneHotColumns(count, rows);
  let sum = onto && l.add('Reshape', [onto, ints(rows, channels)]);
  for (let start = 0; start < count; start += columns) {
    const end = Math.min(start + columns, count);
    const part = (name: string, axis: number): string =>
      end - start === count ? name : l.add('Slice', [name, ints(start), ints(end), ints(axis)]);
    const oneHot = l.add('Cast', [l.add('Equal', [rowNumbers, part(all.indices, 1)])], { to: onnxTypeOf('float32') });
    sum = l.add('Gemm', [oneHot, part(all.updates, 0), ...(sum === undefined ? [] : [sum])]);
  }
  l.emit('Reshape', [sum!, ints(...result)], [l.output()]);
}
