/** What the suites feed to devices. */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';

const seed = key(105_08050);

/** Standard normal numbers that depend on the name alone. */
export function normal(name: string, shape: readonly number[], deviation = 1): HostArray<'float32'> {
  return hostArray(
    'float32',
    shape,
    randomNormal(split(seed, name), sizeOf(shape)).map((value) => value * deviation),
  );
}

export function ints(shape: readonly number[], values: Iterable<number>): HostArray<'int32'> {
  return hostArray('int32', shape, Int32Array.from(values));
}
