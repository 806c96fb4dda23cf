/**
 * Numbered parts summed in a binary tree over their numbers, whatever computed them and wherever a run was broken off:
 *
 *   sum(0 .. n) = sum(0 .. p) + sum(p .. n)      p: the largest power of two below n
 *
 * so seven parts are ((0 + 1) + (2 + 3)) + ((4 + 5) + 6). Parts come one after the other; at most one tree of each power of two
 * waits for its neighbour, which is what it costs in memory: log2 of the number of parts.
 */

/** A sum of `parts` parts in a row, a power of two of them. */
export interface Subtree<T> {
  readonly parts: number;
  readonly sum: T;
}

/** With one more part at the end. `add` may consume both. */
export async function withPart<T>(
  trees: readonly Subtree<T>[],
  part: T,
  add: (left: T, right: T) => Promise<T>,
): Promise<readonly Subtree<T>[]> {
  const waiting = [...trees];
  let last: Subtree<T> = { parts: 1, sum: part };
  while (waiting.at(-1)?.parts === last.parts) {
    const left = waiting.pop()!;
    last = { parts: 2 * last.parts, sum: await add(left.sum, last.sum) };
  }
  return [...waiting, last];
}

/** The sum of all parts, of which there must be one. */
export async function sumOfTrees<T>(trees: readonly Subtree<T>[], add: (left: T, right: T) => Promise<T>): Promise<T> {
  let total = trees.at(-1)!.sum;
  for (const { sum } of trees.slice(0, -1).reverse()) total = await add(sum, total);
  return total;
}
