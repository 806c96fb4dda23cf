import { GmlpError } from './errors.ts';

/** Throws `invalid-data` unless every number is a place among `count` of them. `what` is one of them, as errors call it: `id`. */
export function expectIndices(source: string, what: string, indices: ArrayLike<number>, count: number, advice: string): void {
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!;
    if (index >= 0 && index < count) continue;
    const expected = count === 0 ? `no ${what}s` : `${what}s from 0 to ${count - 1}`;
    throw new GmlpError('invalid-data', `${source}: expected ${expected}, got ${index} at element ${at}; ${advice}`, {
      index,
      at,
      count,
    });
  }
}
