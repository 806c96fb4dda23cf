import { allocate, type HostArray, hostArray, sizeOf } from '@gmlp/base';

/** The array with its axes in another order: axis i of the result is axis `order[i]` of the array. */
export function permute(array: HostArray, order: readonly number[]): HostArray {
  const strides = order.map((axis) => sizeOf(array.shape.slice(axis + 1)));
  const shape = order.map((axis) => array.shape[axis]!);
  const data = allocate(array.dtype, array.data.length);
  const [columns, columnStride] = [shape.at(-1) ?? 1, strides.at(-1) ?? 1];
  const counter = shape.map(() => 0);
  for (let written = 0, from = 0; written < data.length; ) {
    for (let column = 0; column < columns; column++) data[written++] = array.data[from + column * columnStride]!;
    // The next row: the last axis but one counts first.
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      from += strides[axis]!;
      counter[axis]! += 1;
      if (counter[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      counter[axis] = 0;
    }
  }
  return hostArray(array.dtype, shape, data as never);
}
