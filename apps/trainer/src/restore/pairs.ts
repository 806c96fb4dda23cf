/** Text -> pairs to learn from: the words in lower case without punctuation, and the words as they were. */
import type { Tokenizer } from '@gmlp/text';

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

/**
 * The passages of a text, one after the other, each as many words as fit: source and target have at most `most` pieces. A word
 * of more pieces than that is left out.
 */
export function* pairsOf(text: string, tokenizer: Tokenizer, most: number): Generator<Pair> {
  const start = () => ({ source: [] as number[], target: [] as number[], words: [] as string[] });
  let open = start();
  for (const word of wordsOf(text)) {
    const plain = bare(word);
    const source = plain === '' ? [] : tokenizer.encode(plain, { specialTokens: false });
    const target = tokenizer.encode(word, { specialTokens: false });
    if (Math.max(source.length, target.length) > most) continue;
    if (open.source.length + source.length > most || open.target.length + target.length > most) {
      if (open.source.length > 0) yield open;
      open = start();
    }
    open.source.push(...source);
    open.target.push(...target);
    open.words.push(word);
  }
  if (open.source.length > 0) yield open;
}
