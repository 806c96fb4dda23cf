/**
 * Splits a word into pieces: its characters, then the merge of lowest rank among all neighbours, leftmost first, until none
 * is left. Characters outside the vocabulary are spelt in their UTF-8 bytes.
 */
import { bytePiece } from './tokenizer-json.ts';
import { type Merges, mergeSymbols } from './tokenizers/merge-symbols.ts';

export interface BpeModel {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

/** A function from a word to the ids of its pieces. */
export function bpeEncoder({ vocab, merges }: BpeModel): (word: string) => Int32Array {
  const ids = new Map(Object.entries(vocab));
  const bytes = Int32Array.from({ length: 256 }, (_, byte) => ids.get(bytePiece(byte))!);
  const joins = rankedMerges(ids, merges);
  const utf8 = new TextEncoder();

  return (word) => {
    const initial: number[] = [];
    for (const character of word) {
      const id = ids.get(character);
      if (id !== undefined) initial.push(id);
      else for (const byte of utf8.encode(character)) initial.push(bytes[byte]!);
    }
    return mergeSymbols(initial, joins);
  };
}

/** The earlier in the list, the sooner. Every piece of a merge is in the vocabulary. */
export function rankedMerges(ids: ReadonlyMap<string, number>, merges: BpeModel['merges']): Merges {
  let size = 0;
  for (const id of ids.values()) size = Math.max(size, id + 1);
  const rankOf = new Map<number, number>(); // by left * size + right
  const joinedBy = new Int32Array(merges.length);
  for (const [rank, [left, right]] of merges.entries()) {
    rankOf.set(ids.get(left)! * size + ids.get(right)!, rank);
    joinedBy[rank] = ids.get(left + right)!;
  }
  return { rank: (left, right) => rankOf.get(left * size + right), merged: (rank) => joinedBy[rank]! };
}
