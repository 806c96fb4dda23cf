import { GmlpError } from './errors.ts';

/** Element types of gmlp: floats, ids and labels, masks. `uint32` is for random words only. */
export type DType = 'float32' | 'int32' | 'bool' | 'uint32';

export interface TypedArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
  readonly uint32: Uint32Array;
}

/** An array in the host's memory: what data pipelines and files yield, before a device makes a tensor of it. Row-major. */
export type HostArray<D extends DType = DType> = {
  readonly [K in D]: { readonly dtype: K; readonly shape: readonly number[]; readonly data: TypedArrayOf[K] };
}[D];

/** The number of elements of a shape; 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

const constructors = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint32: Uint32Array } as const;

/** A typed array of zeros for a dtype. */
export function allocate<D extends DType>(dtype: D, size: number): TypedArrayOf[D] {
  return new constructors[dtype](size) as TypedArrayOf[D];
}

/** A checked array; throws `shape-mismatch` when the data does not fill the shape exactly. */
export function hostArray<D extends DType>(dtype: D, shape: readonly number[], data: TypedArrayOf[D]): HostArray<D> {
  if (data.length !== sizeOf(shape)) {
    throw new GmlpError(
      'shape-mismatch',
      `hostArray: shape [${shape.join(', ')}] needs ${sizeOf(shape)} elements, got ${data.length}`,
      { shape, length: data.length },
    );
  }
  return { dtype, shape, data } as HostArray<D>;
}

/** Whether a value is a host array: an object with dtype, shape and typed data. */
export function isHostArray(value: unknown): value is HostArray {
  return (
    typeof value === 'object' &&
    value !== null &&
    'dtype' in value &&
    'shape' in value &&
    'data' in value &&
    ArrayBuffer.isView((value as HostArray).data)
  );
}
