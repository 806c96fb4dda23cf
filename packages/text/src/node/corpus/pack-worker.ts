/** The thread that hashes or packs one shard after another, each from its files to its files. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '@gmlp/base';
import { loadTokenizer } from '../../load-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer.ts';
import { writeDocumentHashes } from './document-hashes.ts';
import { packShard } from './pack-shard.ts';
import type { FromPackThread, PackSurroundings, PackTask, TaskProgress } from './pack-work.ts';
import type { FromThread } from './task-threads.ts';

const { tokenizerFile, ...surroundings } = workerData as PackSurroundings;
const port = parentPort!;
const tell = (message: FromThread<FromPackThread>): void => port.postMessage(message);

/** Milliseconds between two messages of how far it is. */
const often = 200;

let loaded: Tokenizer | undefined;

async function work(task: PackTask): Promise<void> {
  let [documents, tokens, reached, size, told] = [0, 0, 0, 0, performance.now()];
  const progress = (): TaskProgress => ({ documents, tokens, reached, size });
  const onDocument = (more = 0): void => {
    documents++;
    tokens += more;
    if (performance.now() - told < often) return;
    told = performance.now();
    tell({ kind: 'progress', progress: progress() });
  };
  const onBytes = (at: number, of: number): void => {
    [reached, size] = [at, of];
  };
  const { onBad, http } = surroundings;
  if (task.kind === 'hash') {
    const onBadRecord = onBad === 'stop' ? 'throw' : 'skip'; // they are told of when it is packed
    await writeDocumentHashes(task.path, task.identity, task.source, { onBadRecord, onBytes, http }, onDocument);
    return tell({ kind: 'done', progress: progress() });
  }
  loaded ??= loadTokenizer(tokenizerFile);
  const { source, made, hashes } = task;
  const shard = await packShard(source, {
    ...surroundings,
    ...{ tokenizer: loaded, made, hashes, onBytes, onDocument },
    onBadRecord: (bad) => tell({ kind: 'bad', bad }),
  });
  tell({ kind: 'done', progress: progress(), shard });
}

port.on('message', (task: PackTask) => {
  work(task).catch((error: unknown) => tell({ kind: 'failed', error: encodeError(error) }));
});
