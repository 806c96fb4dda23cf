/**
 * A side of `bench text`, as a process of its own: `text-side.js bare|drop|keep <folder> <threads>`. `bare` encodes texts that are in memory,
 * in threads that do nothing else; the others pack the shards of the folder. Prints JSON.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { loadTokenizer } from '@gmlp/text';
import { type CorpusSource, packCorpus } from '@gmlp/text/node';
import { peakMegabytes } from './peak-memory.ts';

export interface TextSide {
  readonly tokens: number;
  readonly seconds: number;
  readonly peakMb: number;
}

interface Portion {
  readonly folder: string;
  readonly shards: readonly string[];
}

const shardsOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.json.gz'));

if (!isMainThread) {
  const { folder, shards } = workerData as Portion;
  const tokenizer = loadTokenizer(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const texts = shards.flatMap((name) =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly text: string }).text),
  );
  parentPort!.on('message', () => {
    let tokens = 0;
    for (const text of texts) tokens += tokenizer.encode(text, { specialTokens: false }).length;
    parentPort!.postMessage(tokens);
  });
  parentPort!.postMessage('ready');
} else {
  const [side = '', folder = '', threads = '1'] = process.argv.slice(2);
  const measured =
    side === 'bare'
      ? await bare(folder, Number(threads))
      : await packed(folder, Number(threads), side === 'drop' ? 'drop' : 'keep');
  process.stdout.write(JSON.stringify({ ...measured, peakMb: Math.round(peakMegabytes()) } satisfies TextSide));
}

async function bare(folder: string, threads: number): Promise<Omit<TextSide, 'peakMb'>> {
  const shards = shardsOf(folder);
  const workers = Array.from(
    { length: threads },
    (_, thread) =>
      new Worker(fileURLToPath(import.meta.url), {
        workerData: { folder, shards: shards.filter((_name, number) => number % threads === thread) } satisfies Portion,
      }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const start = performance.now();
  const counts = await Promise.all(
    workers.map(async (worker) => {
      worker.postMessage('go');
      const [tokens] = (await once(worker, 'message')) as [number];
      return tokens;
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { tokens: counts.reduce((sum, count) => sum + count, 0), seconds };
}

/** From files to files, the start of the threads included. */
async function packed(folder: string, threads: number, duplicates: 'drop' | 'keep'): Promise<Omit<TextSide, 'peakMb'>> {
  const out = await mkdtemp(join(tmpdir(), 'gmlp-bench-packed-'));
  try {
    const sources: CorpusSource[] = shardsOf(folder).map((name) => ({ kind: 'json-lines', file: join(folder, name) }));
    const tokenizerFile = await readFile(join(folder, 'tokenizer.json'), 'utf8');
    const start = performance.now();
    const { shards } = await packCorpus(sources, {
      folder: out,
      tokenizerFile,
      sequenceLength: 128,
      heldOut: 0.01,
      duplicates,
      threads,
    });
    const seconds = (performance.now() - start) / 1000;
    return { tokens: shards.reduce((sum, { statistics }) => sum + statistics.tokens, 0), seconds };
  } finally {
    await rm(out, { recursive: true });
  }
}
