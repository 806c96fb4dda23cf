/**
 * How many words of a reference another text has, aligned by their edit distance (Levenshtein): of all alignments with the
 * fewest words inserted, deleted and replaced, the most words that are equal.
 */
export function correctWords(reference: readonly string[], given: readonly string[]): number {
  const width = given.length + 1;
  let above = Array.from({ length: width }, (_, column) => ({ edits: column, correct: 0 }));
  for (const [row, word] of reference.entries()) {
    const here = [{ edits: row + 1, correct: 0 }];
    for (let column = 1; column < width; column++) {
      const same = word === given[column - 1];
      const diagonal = above[column - 1]!;
      const ways = [
        { edits: diagonal.edits + (same ? 0 : 1), correct: diagonal.correct + (same ? 1 : 0) },
        { edits: above[column]!.edits + 1, correct: above[column]!.correct },
        { edits: here[column - 1]!.edits + 1, correct: here[column - 1]!.correct },
      ];
      here.push(ways.reduce((a, b) => (b.edits < a.edits || (b.edits === a.edits && b.correct > a.correct) ? b : a)));
    }
    above = here;
  }
  return above[width - 1]!.correct;
}

/** Correct words / reference words, of all pairs together. */
export function wordAccuracy(
  pairs: Iterable<{ readonly reference: readonly string[]; readonly given: readonly string[] }>,
): number {
  let [correct, words] = [0, 0];
  for (const { reference, given } of pairs) {
    correct += correctWords(reference, given);
    words += reference.length;
  }
  return correct / words;
}
