/**
 * Byte-pair merges: the neighbours of the lowest rank become one symbol, leftmost first, until none is left. A linked list of
 * symbols and a priority queue make it O(n log n), so a word may be megabytes long.
 */
import { heapPop, heapPush } from '../binary-heap.ts';

interface Join {
  readonly rank: number;
  readonly at: number;
  readonly left: number;
  readonly right: number;
}

export interface Merges {
  /** Of two neighbours, if they merge at all. */
  rank(left: number, right: number): number | undefined;
  merged(rank: number, left: number, right: number): number;
}

const sooner = (a: Join, b: Join): boolean => (a.rank !== b.rank ? a.rank < b.rank : a.at < b.at);
const none = -1;

/** Symbols are whole numbers from 0. */
export function mergeSymbols(initial: readonly number[], merges: Merges): Int32Array {
  const count = initial.length;
  const symbol = Int32Array.from(initial);
  const next = Int32Array.from(symbol, (_, i) => (i + 1 < count ? i + 1 : none));
  const previous = Int32Array.from(symbol, (_, i) => i - 1);
  const queue: Join[] = [];
  const offer = (at: number, after: number): void => {
    const left = symbol[at]!;
    const right = symbol[after]!;
    const rank = merges.rank(left, right);
    if (rank !== undefined) heapPush(queue, { rank, at, left, right }, sooner);
  };
  for (let i = 1; i < count; i++) offer(i - 1, i);

  let remaining = count;
  for (let join = heapPop(queue, sooner); join !== undefined; join = heapPop(queue, sooner)) {
    const { at } = join;
    const after = next[at]!;
    // Outdated when either side has been merged since: a swallowed symbol is `none`.
    if (symbol[at] !== join.left || after === none || symbol[after] !== join.right) continue;
    symbol[at] = merges.merged(join.rank, join.left, join.right);
    symbol[after] = none;
    const beyond = next[after]!;
    next[at] = beyond;
    remaining--;
    if (beyond !== none) {
      previous[beyond] = at;
      offer(at, beyond);
    }
    if (previous[at] !== none) offer(previous[at]!, at);
  }
  const result = new Int32Array(remaining);
  for (let i = 0, out = 0; out < remaining; i = next[i]!) result[out++] = symbol[i]!;
  return result;
}
