/** Text -> pairs to learn from: the words in lower case without punctuation, and the words as they were. */
import type { Tokenizer } from '@gmlp/text';
import { capitalised, markCase, unmarkCase } from './case-marks.ts';

/** A passage of whole words, both sides as ids without tokens of begin and end. */
export interface Pair {
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly words: readonly string[];
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter(Boolean);
}

/** Lower case, letters and digits alone; empty where there are none. */
export function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

export function bareText(words: readonly string[]): string {
  return words.map(bare).filter(Boolean).join(' ');
}

/** What needs no model: the first letter a capital, and a full stop at the end. */
export function asSentence(text: string): string {
  return `${capitalised(text)}.`;
}

/** The words that a target's ids say. */
export function restoredWords(target: readonly number[], tokenizer: Tokenizer): string[] {
  return unmarkCase(wordsOf(tokenizer.decode(target)));
}

/** "." of a title or an initial does not end a sentence: `Mr.`, `J.` */
const abbreviation = /^(Mr|Mrs|Dr|St|\p{Lu})\.$/u;

/** Cut behind words that end in a full stop, a question mark or an exclamation mark, whatever closes behind it. */
export function* sentencesOf(words: readonly string[]): Generator<string[]> {
  let open: string[] = [];
  for (const word of words) {
    open.push(word);
    if (!/[.?!]["')\]]*$/u.test(word) || abbreviation.test(word)) continue;
    yield open;
    open = [];
  }
  if (open.length > 0) yield open;
}

/**
 * The passages of a text, one after the other, each as many whole sentences as fit: source and target have at most `most` pieces.
 * A longer sentence is cut into as many words as fit. A word of more pieces than that is left out.
 */
export function* pairsOf(text: string, tokenizer: Tokenizer, most: number): Generator<Pair> {
  const encode = (word: string): number[] => (word === '' ? [] : Array.from(tokenizer.encode(word, { specialTokens: false })));
  const fits = (pairs: readonly Pair[]): boolean =>
    (['source', 'target'] as const).every((side) => pairs.reduce((sum, pair) => sum + pair[side].length, 0) <= most);
  let open: Pair[] = [];
  for (const sentence of sentencesOf(wordsOf(text))) {
    const words = sentence
      .map((word) => ({ source: encode(bare(word)), target: encode(markCase(word)), words: [word] }))
      .filter((word) => fits([word]));
    const units = fits(words) ? [words] : words.map((word) => [word]);
    for (const unit of units) {
      if (!fits([...open, ...unit])) {
        yield* joined(open);
        open = [];
      }
      open.push(...unit);
    }
  }
  yield* joined(open);
}

/** One passage of several; none where no letter or digit is. */
function joined(pairs: readonly Pair[]): Pair[] {
  const source = pairs.flatMap((pair) => pair.source);
  if (source.length === 0) return [];
  return [{ source, target: pairs.flatMap(({ target }) => target), words: pairs.flatMap(({ words }) => words) }];
}
