/**
 * How far two arrays are apart: max |a - b| / max(max |b|, 1e-3 M), M the largest magnitude among all arrays of b's kind
 * (outputs; gradients), so that arrays which are zero but for rounding are not held to their own scale.
 */
import { type HostArray, sameShape } from '@gmlp/base';

/** Parity on every device, in the measure above. */
export const tolerances = { output: 1e-5, gradient: 1e-4 } as const;

export function largestMagnitude(arrays: Iterable<HostArray>): number {
  let largest = 0;
  for (const { data } of arrays) for (const value of data) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Infinite when the shapes differ or a value is NaN or infinite on one side only. */
export function relativeError(actual: HostArray, expected: HostArray, largest = 0): number {
  if (!sameShape(actual.shape, expected.shape)) return Number.POSITIVE_INFINITY;
  let difference = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i]!, expected.data[i]!];
    if (Object.is(a, b)) continue;
    const distance = Math.abs(a - b);
    if (!Number.isFinite(distance)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, distance);
  }
  return difference === 0 ? 0 : difference / Math.max(largestMagnitude([expected]), 1e-3 * largest);
}

export interface ClosenessOptions {
  /** What the arrays are: sets the tolerance. */
  readonly kind?: keyof typeof tolerances;
  readonly tolerance?: number;
  /** M: the largest magnitude among the arrays of this kind. */
  readonly largest?: number;
  /** For the message. */
  readonly name?: string;
}

/** Throws unless `actual` is within the tolerance of `expected`. */
export function expectClose(
  actual: HostArray,
  expected: HostArray,
  { kind = 'output', tolerance = tolerances[kind], largest = 0, name = 'array' }: ClosenessOptions = {},
): void {
  if (!sameShape(actual.shape, expected.shape)) {
    throw new Error(`${name}: expected shape [${expected.shape.join(', ')}], got [${actual.shape.join(', ')}]`);
  }
  const error = relativeError(actual, expected, largest);
  if (!(error <= tolerance)) {
    const show = ({ data }: HostArray): string => Array.from(data.subarray(0, 6), (value) => value.toPrecision(6)).join(', ');
    throw new Error(
      `${name}: relative error ${error.toExponential(2)} exceeds ${tolerance}\n  expected ${show(expected)}, …\n  got      ${show(actual)}, …`,
    );
  }
}

/** Every array of `expected` by name: none missing, none unexpected, each close. M is taken over all of `expected`. */
export function expectAllClose(
  actual: ReadonlyMap<string, HostArray>,
  expected: ReadonlyMap<string, HostArray>,
  options: Omit<ClosenessOptions, 'name' | 'largest'> = {},
): void {
  const missing = [...expected.keys()].filter((name) => !actual.has(name));
  const unexpected = [...actual.keys()].filter((name) => !expected.has(name));
  if (missing.length + unexpected.length > 0) {
    throw new Error(`expectAllClose: missing [${missing.join(', ')}], unexpected [${unexpected.join(', ')}]`);
  }
  const largest = largestMagnitude(expected.values());
  for (const [name, array] of expected) expectClose(actual.get(name)!, array, { ...options, largest, name });
}
