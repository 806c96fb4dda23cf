/**
 * How often each word occurs: all that training a tokenizer needs of the text. Words are cut where no piece may cross, between
 * scripts, so that `peace` is one word with a comma and without, and a large text has far fewer of them.
 */
import { GmlpError } from '@gmlp/base';
import { eachWord, metaspace } from './metaspace.ts';
import { scriptClassifier, scriptRuns } from './script-runs.ts';
import type { Texts } from './text-document.ts';
import { wellFormed } from './well-formed.ts';

export interface WordCounts {
  /** Runs of one script; one that stands behind a space, or at the start of a text, begins with ▁. */
  readonly words: ReadonlyMap<string, number>;
  /** Of every character but spaces. */
  readonly characters: ReadonlyMap<string, number>;
  readonly documents: number;
  /** How many words were forgotten, as there were more than may be kept. */
  readonly forgotten: number;
}

export interface CountWordsOptions {
  /**
   * How many different words are kept at most, 2^21 unless said otherwise, and no more than 2^23. Whenever there are more, those that have occurred least are
   * forgotten, all of one count together, until no more than half as many are left. It depends on the texts and their order alone.
   */
  readonly maxDistinctWords?: number | undefined;
}

export interface WordCounter {
  add(text: string): void;
  /** What another counter has counted, as if it had been counted here. */
  addCounts(counts: Omit<WordCounts, 'words'> & { readonly words: Iterable<readonly [string, number]> }): void;
  counts(): WordCounts;
}

const usualDistinctWords = 2 ** 21;
/** Twice as many, which there may be before the rarest are forgotten, is what a Map holds. */
const mostDistinctWords = 2 ** 23;
/** Words between spaces, as they stand, before they are cut: so many, and they are. */
const mostUncut = 2 ** 17;
/** Pieces are far shorter; without a bound one word without a space could be the whole text. */
const longestRun = 256;

export function wordCounter({ maxDistinctWords = usualDistinctWords }: CountWordsOptions = {}): WordCounter {
  if (!(Number.isInteger(maxDistinctWords) && maxDistinctWords >= 1 && maxDistinctWords <= mostDistinctWords)) {
    const expected = `maxDistinctWords to be a whole number from 1 to ${mostDistinctWords}`;
    throw new GmlpError('invalid-argument', `countWords: expected ${expected}, got ${maxDistinctWords}`, { maxDistinctWords });
  }
  const uncut = new Map<string, number>();
  const words = new Map<string, number>();
  const characters = new Map<string, number>();
  const scriptOf = scriptClassifier();
  let documents = 0;
  let forgotten = 0;
  const increase = (counts: Map<string, number>, key: string, by: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + by);
  };
  const countUncut = (word: string): void => {
    const count = uncut.get(word);
    if (count !== undefined) uncut.set(word, count + 1);
    else uncut.set(detached(word), 1);
  };
  const forget = (): void => {
    if (words.size > maxDistinctWords) forgotten += forgetRarest(words, Math.floor(maxDistinctWords / 2));
  };
  const cutAll = (): void => {
    for (const [word, count] of uncut) {
      const all = [...word];
      for (const character of all) increase(characters, character, count);
      let mark = metaspace;
      for (const run of word === '' ? [[]] : scriptRuns(all, scriptOf)) {
        for (let from = 0; from === 0 || from < run.length; from += longestRun) {
          increase(words, mark + run.slice(from, from + longestRun).join(''), count);
          mark = '';
        }
      }
    }
    uncut.clear();
    forget();
  };
  return {
    add(text) {
      eachWord(wellFormed(text), true, countUncut);
      documents++;
      if (uncut.size > mostUncut) cutAll();
    },
    addCounts(more) {
      for (const [word, count] of more.words) increase(words, words.has(word) ? word : detached(word), count);
      for (const [character, count] of more.characters) increase(characters, character, count);
      documents += more.documents;
      forgotten += more.forgotten;
      forget();
    },
    counts() {
      cutAll();
      return { words, characters, documents, forgotten };
    },
  };
}

/** How many went. */
function forgetRarest(words: Map<string, number>, most: number): number {
  const ascending = Float64Array.from(words.values()).sort();
  const last = ascending[ascending.length - most - 1]!; // the most frequent of those that must go
  const before = words.size;
  for (const [word, count] of words) if (count <= last) words.delete(word);
  return before - words.size;
}

export async function countWords(
  texts: Texts,
  {
    onProgress,
    ...options
  }: CountWordsOptions & {
    readonly onProgress?: (progress: { readonly documents: number; readonly characters: number }) => void;
  } = {},
): Promise<WordCounts> {
  const counter = wordCounter(options);
  let documents = 0;
  let characters = 0;
  for await (const { text } of texts) {
    counter.add(text);
    documents++;
    characters += text.length;
    onProgress?.({ documents, characters });
  }
  return counter.counts();
}

/** A copy of a string that does not keep the text alive from which it was cut (engines share long slices). */
export function detached(word: string): string {
  return ` ${word}`.slice(1);
}
