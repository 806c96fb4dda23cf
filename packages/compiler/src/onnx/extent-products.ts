/** The sizes that an exported function is traced with, and what numbers are that were seen at all of them. */
import { GmlpError, listedNames } from '@gmlp/base';

/** A size for each open extent, by its name. */
export type Sizes = ReadonlyMap<string, number>;

/** One is special (broadcasting), and two numbers tell an extent from a constant; different ones for each tell them apart. */
const tracedPairs = [
  [2, 3],
  [5, 7],
  [11, 13],
] as const;

/** The sizes to trace with: each pair of each extent with those of all others. */
export function tracedSizes(names: readonly string[]): readonly Sizes[] {
  if (names.length > tracedPairs.length) {
    throw new GmlpError(
      'invalid-argument',
      `tracedSizes: expected at most ${tracedPairs.length} open extents, got ${listedNames(names)}`,
    );
  }
  return names.reduce<readonly Sizes[]>(
    (all, name, place) => all.flatMap((sizes) => tracedPairs[place]!.map((size) => new Map([...sizes, [name, size]]))),
    [new Map()],
  );
}

/** So many times a product of open extents. */
export interface Product {
  readonly times: number;
  readonly of: readonly string[];
}

/** What numbers that were seen at those sizes are at all sizes; undefined where it is no such product. */
export function productOf(values: readonly number[], traced: readonly Sizes[]): Product | undefined {
  const names = [...traced[0]!.keys()];
  const subsets: (readonly string[])[] = [[]];
  for (const name of names) subsets.push(...subsets.map((of) => [...of, name]));
  for (const of of subsets) {
    const factors = traced.map((sizes) => of.reduce((product, name) => product * sizes.get(name)!, 1));
    const times = values[0]! / factors[0]!;
    if (Number.isInteger(times) && factors.every((factor, at) => times * factor === values[at])) return { times, of };
  }
  return undefined;
}
