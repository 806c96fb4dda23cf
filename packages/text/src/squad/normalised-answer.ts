/**
 * An answer as SQuAD's official scripts compare it: in lower case, without punctuation of ASCII, without articles, with one space between
 * words. Words and spaces are those of Python, whose scripts they are.
 */

const punctuation = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
/** Python's `\b(a|an|the)\b`: letters and numbers of any script are parts of a word, marks are none. */
const articles = /(?<![\p{L}\p{N}_])(?:an?|the)(?![\p{L}\p{N}_])/gu;
/** What Python's `str.split` splits at. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts them as spaces
const spaces = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Its words; none of an empty answer. */
export function answerWords(answer: string): readonly string[] {
  return answer
    .toLowerCase()
    .replace(punctuation, '')
    .replace(articles, ' ')
    .split(spaces)
    .filter((word) => word !== '');
}

export const normalisedAnswer = (answer: string): string => answerWords(answer).join(' ');
