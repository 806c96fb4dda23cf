import { detached } from '../word-counts.ts';

const wordsRemembered = 2 ** 16;
const longestRemembered = 64;

/** Remembers the ids of short words, of so many at most: text has the same ones again and again. */
export function remembered(encode: (word: string) => Int32Array): (word: string) => Int32Array {
  const memory = new Map<string, Int32Array>();
  return (word) => {
    let ids = memory.get(word);
    if (ids === undefined) {
      ids = encode(word);
      if (memory.size >= wordsRemembered) memory.clear();
      if (word.length <= longestRemembered) memory.set(detached(word), ids);
    }
    return ids;
  };
}
