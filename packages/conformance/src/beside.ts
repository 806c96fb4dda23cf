import { type HostArray, hostArray, sizeOf } from '@gmlp/base';

/** Two arrays [batch, ...] as one [batch, 2, ...]: where spans begin and end. */
export function beside(first: HostArray, second: HostArray): HostArray {
  const [batch, ...rest] = first.shape as [number, ...number[]];
  const size = sizeOf(rest);
  const values = Array.from({ length: batch }, (_, b) =>
    [first, second].flatMap(({ data }) => Array.from(data.subarray(b * size, (b + 1) * size))),
  ).flat();
  const shape = [batch, 2, ...rest];
  return first.dtype === 'int32'
    ? hostArray('int32', shape, Int32Array.from(values))
    : hostArray('float32', shape, Float32Array.from(values));
}
