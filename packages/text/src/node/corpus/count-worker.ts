/** The thread that counts the words of one shard after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '@gmlp/base';
import { wordCounter } from '../../word-counts.ts';
import type { BadRecord } from '../bad-records.ts';
import { type CorpusSource, readSource } from './corpus-source.ts';
import { type CountSurroundings, type FromCountThread, packedWords } from './count-work.ts';
import type { TaskProgress } from './pack-work.ts';
import type { FromThread } from './task-threads.ts';

const { maxDistinctWords, onBad, http } = workerData as CountSurroundings;
const port = parentPort!;
const tell = (message: FromThread<FromCountThread>): void => port.postMessage(message);

/** Milliseconds between two messages of how far it is. */
const often = 200;

async function work(source: CorpusSource): Promise<void> {
  const counter = wordCounter({ maxDistinctWords });
  let [documents, reached, size, told] = [0, 0, 0, performance.now()];
  const progress = (): TaskProgress => ({ documents, tokens: 0, reached, size });
  const onBytes = (at: number, of: number): void => {
    [reached, size] = [at, of];
  };
  const onBadRecord = onBad === 'stop' ? ('throw' as const) : (bad: BadRecord): void => tell({ kind: 'bad', bad });
  for await (const { text } of readSource(source, { onBadRecord, onBytes, http })) {
    counter.add(text);
    documents++;
    if (performance.now() - told < often) continue;
    told = performance.now();
    tell({ kind: 'progress', progress: progress() });
  }
  const { words, ...rest } = counter.counts();
  for (const portion of packedWords(words)) tell({ kind: 'words', words: portion });
  tell({ kind: 'done', progress: progress(), rest });
}

port.on('message', ({ source }: { readonly source: CorpusSource }) => {
  work(source).catch((error: unknown) => tell({ kind: 'failed', error: encodeError(error) }));
});
