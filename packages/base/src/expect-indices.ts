import { GmlpError } from './errors.ts';

export interface ExpectedIndices {
  /** One of them, as errors call it: `id`. */
  readonly what: string;
  /** They are places among so many, from 0. */
  readonly count: number;
  /** What to do about others. */
  readonly advice: string;
  /** This one stands for no place and is let pass, wherever it lies: the label of what does not count. */
  readonly ignored?: number | undefined;
}

/** Throws `invalid-data` unless every number is a place among `count` of them. */
export function expectIndices(
  source: string,
  indices: ArrayLike<number>,
  { what, count, advice, ignored }: ExpectedIndices,
): void {
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!;
    if ((index >= 0 && index < count) || index === ignored) continue;
    const places = count === 0 ? `no ${what}s` : `${what}s from 0 to ${count - 1}`;
    const expected = ignored === undefined ? places : `${places}, or ${ignored} for what does not count`;
    throw new GmlpError('invalid-data', `${source}: expected ${expected}, got ${index} at element ${at}; ${advice}`, {
      index,
      at,
      count,
    });
  }
}
