/** How often each word occurs: all that training a tokenizer needs of the text. */
import { eachWord } from './metaspace.ts';
import type { Texts } from './text-document.ts';
import { wellFormed } from './well-formed.ts';

export interface WordCounts {
  /** Words behind a space (or at the start of a text), without it. */
  readonly marked: Map<string, number>;
  readonly documents: number;
  /** In UTF-16 units. */
  readonly characters: number;
}

export async function countWords(
  texts: Texts,
  onProgress?: (progress: { readonly documents: number; readonly characters: number }) => void,
): Promise<WordCounts> {
  const marked = new Map<string, number>();
  let documents = 0;
  let characters = 0;
  for await (const { text } of texts) {
    eachWord(wellFormed(text), true, (word) => {
      const count = marked.get(word);
      if (count !== undefined) marked.set(word, count + 1);
      else marked.set(detached(word), 1);
    });
    documents++;
    characters += text.length;
    onProgress?.({ documents, characters });
  }
  return { marked, documents, characters };
}

/** A copy of a string that does not keep the text alive from which it was cut (engines share long slices). */
export function detached(word: string): string {
  return ` ${word}`.slice(1);
}
