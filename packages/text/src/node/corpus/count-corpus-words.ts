/** The words of a text of any size, counted by all processors: each takes one shard after another, and the counts are added in the order of the shards. */
import { availableParallelism } from 'node:os';
import { GmlpError } from '@gmlp/base';
import type { HttpOptions } from '@gmlp/base/node';
import { type CountWordsOptions, type WordCounts, wordCounter } from '../../word-counts.ts';
import type { BadRecord } from '../bad-records.ts';
import { type CorpusSource, sourceBytes, sourceName } from './corpus-source.ts';
import { type CountSurroundings, type FromCountThread, type PackedWords, unpackedWords } from './count-work.ts';
import { type ReadProgress, readProgress } from './read-progress.ts';
import { openTaskThreads, threadFile } from './task-threads.ts';

export interface CountCorpusWordsOptions extends CountWordsOptions {
  /** As many as there are processors by default. */
  readonly threads?: number | undefined;
  /** What becomes of records that cannot be read; `stop` by default. */
  readonly onBad?: 'stop' | 'skip' | undefined;
  readonly onBadRecord?: (bad: BadRecord) => void;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly http?: HttpOptions | undefined;
}

interface Shard {
  readonly number: number;
  readonly source: CorpusSource;
}

/** The same counts for any number of threads: of each shard no more than `maxDistinctWords` words are kept, and of all together. */
export async function countCorpusWords(
  sources: readonly CorpusSource[],
  options: CountCorpusWordsOptions = {},
): Promise<WordCounts> {
  const { threads: asked = availableParallelism(), maxDistinctWords, onBad = 'stop', onBadRecord, signal, http } = options;
  if (sources.length === 0) {
    throw new GmlpError('invalid-argument', 'countCorpusWords: expected at least one shard of text, got none');
  }
  const sizes = await Promise.all(sources.map(async (source) => [sourceName(source), await sourceBytes(source)] as const));
  const progress = readProgress(sizes, options.onProgress);
  const threads = openTaskThreads<Shard, FromCountThread>({
    who: 'countCorpusWords',
    file: threadFile('count-worker', import.meta.url),
    surroundings: { maxDistinctWords, onBad, http } satisfies CountSurroundings,
    threads: asked,
    signal,
  });
  const all = wordCounter({ maxDistinctWords });
  const counted = new Map<number, { readonly words: PackedWords[]; rest?: Omit<WordCounts, 'words'> }>();
  let added = 0;
  let wake = (): void => undefined;
  // One that is long keeps those behind it waiting, so that their counts do not fill the memory.
  const tasks = async function* (): AsyncGenerator<Shard> {
    for (const [number, source] of sources.entries()) {
      while (number >= added + 4 * asked) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      counted.set(number, { words: [] });
      yield { number, source };
    }
  };
  try {
    await threads.run(tasks(), ({ number, source }, message) => {
      if (message.kind === 'bad') return onBadRecord?.(message.bad);
      const own = counted.get(number)!;
      if (message.kind === 'words') own.words.push(message.words);
      else progress.add(sourceName(source), message.progress, message.kind === 'done');
      if (message.kind !== 'done') return;
      own.rest = message.rest;
      for (let next = counted.get(added); next?.rest !== undefined; next = counted.get(++added)) {
        all.addCounts({ ...next.rest, words: unpackedWords(next.words) });
        counted.delete(added);
      }
      wake();
    });
    return all.counts();
  } finally {
    await threads.close();
  }
}
