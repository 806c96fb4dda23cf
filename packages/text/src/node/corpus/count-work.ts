/** What the main thread and those that count words say to each other. */
import type { HttpOptions } from '@gmlp/base/node';
import type { WordCounts } from '../../word-counts.ts';
import type { BadRecord } from '../bad-records.ts';
import type { TaskProgress } from './pack-work.ts';

export interface CountSurroundings {
  readonly maxDistinctWords?: number | undefined;
  readonly onBad: 'stop' | 'skip';
  readonly http?: HttpOptions | undefined;
}

export type FromCountThread =
  | { readonly kind: 'progress'; readonly progress: TaskProgress }
  | { readonly kind: 'bad'; readonly bad: BadRecord }
  | { readonly kind: 'words'; readonly words: PackedWords }
  | { readonly kind: 'done'; readonly progress: TaskProgress; readonly rest: Omit<WordCounts, 'words'> };

/** Words with their counts as few large values, which are soon sent: no word has a space inside. */
export interface PackedWords {
  readonly text: string;
  readonly counts: Float64Array;
}

const portion = 2 ** 16;

export function* packedWords(words: ReadonlyMap<string, number>): Generator<PackedWords, void, undefined> {
  let [names, counts]: [string[], number[]] = [[], []];
  for (const [name, count] of words) {
    names.push(name);
    counts.push(count);
    if (names.length < portion) continue;
    yield { text: names.join(' '), counts: Float64Array.from(counts) };
    [names, counts] = [[], []];
  }
  if (names.length > 0) yield { text: names.join(' '), counts: Float64Array.from(counts) };
}

export function* unpackedWords(portions: Iterable<PackedWords>): Generator<[string, number], void, undefined> {
  for (const { text, counts } of portions) {
    for (const [index, name] of text.split(' ').entries()) yield [name, counts[index]!];
  }
}
