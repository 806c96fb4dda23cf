/**
 * Text in lower case, with marks where it was not, so that a word has the same pieces with a capital and without: "The USA and
 * McKinley" is "↑ the ↑↑ usa and McKinley". A word that no mark gives back stays as it is.
 */
const capital = '↑';
const capitals = '↑↑';

export function markCase(word: string): string {
  const lower = word.toLowerCase();
  if (lower === word) return word;
  if (capitalised(lower) === word) return `${capital} ${lower}`;
  return lower.toUpperCase() === word ? `${capitals} ${lower}` : word;
}

/** The words of a marked text; the last of several marks counts, and one without a word behind it is left out. */
export function unmarkCase(marked: readonly string[]): string[] {
  const words: string[] = [];
  let mark = '';
  for (const word of marked) {
    if (word === capital || word === capitals) mark = word;
    else {
      words.push(mark === capital ? capitalised(word) : mark === capitals ? word.toUpperCase() : word);
      mark = '';
    }
  }
  return words;
}

/** With the first letter a capital. */
export function capitalised(word: string): string {
  return word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}
