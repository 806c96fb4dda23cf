/**
 * Splits a word into pieces: its characters, then the merge of lowest rank among all neighbours, leftmost first, until none
 * is left. A linked list of symbols and a priority queue make it O(n log n), so a word may be megabytes long. Characters
 * outside the vocabulary are spelt in their UTF-8 bytes.
 */
import { heapPop, heapPush } from './binary-heap.ts';
import { bytePiece } from './tokenizer-json.ts';

export interface BpeModel {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

interface Join {
  readonly rank: number;
  readonly at: number;
  readonly left: number;
  readonly right: number;
}

const sooner = (a: Join, b: Join): boolean => (a.rank !== b.rank ? a.rank < b.rank : a.at < b.at);
const none = -1;

/** A function from a word to the ids of its pieces. */
export function bpeEncoder({ vocab, merges }: BpeModel): (word: string) => Int32Array {
  const ids = new Map(Object.entries(vocab));
  const size = ids.size;
  const bytes = Int32Array.from({ length: 256 }, (_, byte) => ids.get(bytePiece(byte))!);
  const rankOf = new Map<number, number>(); // by left * size + right
  const joinedBy = new Int32Array(merges.length);
  for (const [rank, [left, right]] of merges.entries()) {
    rankOf.set(ids.get(left)! * size + ids.get(right)!, rank);
    joinedBy[rank] = ids.get(left + right)!;
  }
  const utf8 = new TextEncoder();

  return (word) => {
    const initial: number[] = [];
    for (const character of word) {
      const id = ids.get(character);
      if (id !== undefined) initial.push(id);
      else for (const byte of utf8.encode(character)) initial.push(bytes[byte]!);
    }
    const count = initial.length;
    const symbol = Int32Array.from(initial);
    const next = Int32Array.from(symbol, (_, i) => (i + 1 < count ? i + 1 : none));
    const previous = Int32Array.from(symbol, (_, i) => i - 1);
    const queue: Join[] = [];
    const offer = (at: number, after: number): void => {
      const left = symbol[at]!;
      const right = symbol[after]!;
      const rank = rankOf.get(left * size + right);
      if (rank !== undefined) heapPush(queue, { rank, at, left, right }, sooner);
    };
    for (let i = 1; i < count; i++) offer(i - 1, i);

    let remaining = count;
    for (let join = heapPop(queue, sooner); join !== undefined; join = heapPop(queue, sooner)) {
      const { at } = join;
      const after = next[at]!;
      // Outdated when either side has been merged since: a swallowed symbol is `none`.
      if (symbol[at] !== join.left || after === none || symbol[after] !== join.right) continue;
      symbol[at] = joinedBy[join.rank]!;
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
  };
}
