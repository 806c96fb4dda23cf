/** Words as numbers in one array, which is what a trainer goes through again and again. */

export interface NumberedWords {
  /** The characters of all words, numbered from 1 in the order of the alphabet, with a 0 behind each word. */
  readonly symbols: Int32Array;
  /** Where each word begins; its end is one before the next. One more than there are words. */
  readonly starts: Int32Array;
  /** How often each word occurs. */
  readonly counts: Float64Array;
}

/** `words` is gone through twice, and gives the same both times. Characters are those of the alphabet. */
export function numberedWords(
  words: Iterable<readonly [characters: readonly string[], count: number]>,
  alphabet: readonly string[],
): NumberedWords {
  let [total, size] = [0, 0];
  for (const [characters] of words) {
    total++;
    size += characters.length + 1;
  }
  const numberOf = new Map(alphabet.map((character, index) => [character, index + 1]));
  const symbols = new Int32Array(size);
  const starts = new Int32Array(total + 1);
  const counts = new Float64Array(total);
  let [word, at] = [0, 0];
  for (const [characters, count] of words) {
    counts[word] = count;
    for (const character of characters) symbols[at++] = numberOf.get(character)!;
    starts[++word] = ++at;
  }
  return { symbols, starts, counts };
}
