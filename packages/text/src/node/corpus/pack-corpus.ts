/**
 * Text of any size -> a packed corpus, shard by shard, by as many processes as one likes: each takes every n-th shard, and all write
 * into one folder. What is finished is not made again, so that whoever was interrupted goes on when it is started again.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type HttpOptions, writeWholeFile } from '@gmlp/base/node';
import { loadTokenizer } from '../../load-tokenizer.ts';
import { sequencePacker } from '../../sequence-packer.ts';
import type { BadRecord } from '../bad-records.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { openPacked } from '../open-packed.ts';
import {
  type CorpusIndex,
  type CorpusSettings,
  type CorpusShard,
  corpusParts,
  indexName,
  readIndex,
  readShardMark,
  shardStem,
  writeIndex,
} from './corpus-index.ts';
import { type CorpusSource, sourceBytes, sourceIdentity, sourceName } from './corpus-source.ts';
import { readHashesHead } from './document-hashes.ts';
import type { FromPackThread, PackSurroundings, PackTask } from './pack-work.ts';
import { type ReadProgress, readProgress } from './read-progress.ts';
import { openTaskThreads, threadFile } from './task-threads.ts';

export interface PackProgress extends ReadProgress {
  /** `hash`: documents are looked for that are there twice; `pack`: they are packed. */
  readonly stage: 'hash' | 'pack';
}

export interface PackCorpusOptions extends Omit<CorpusSettings, 'vocabularySize' | 'tokenizer'> {
  readonly folder: string;
  /** The text of a tokenizer.json. */
  readonly tokenizerFile: string;
  /** This process is number `rank` of `world`; it packs every shard whose number leaves that rest. */
  readonly rank?: number;
  readonly world?: number;
  /** As many as there are processors by default. */
  readonly threads?: number | undefined;
  /** What becomes of records that cannot be read; `stop` by default. */
  readonly onBad?: 'stop' | 'skip' | undefined;
  readonly onBadRecord?: (bad: BadRecord) => void;
  readonly onProgress?: (progress: PackProgress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly http?: HttpOptions | undefined;
}

interface Shard {
  readonly source: CorpusSource;
  readonly name: string;
  readonly stem: string;
  readonly identity: string;
}

/** Gives the index as it is when this process is done: with `world` above 1 the shards of others may still be missing. */
export async function packCorpus(sources: readonly CorpusSource[], options: PackCorpusOptions): Promise<CorpusIndex> {
  const { folder, tokenizerFile, rank = 0, world = 1, onBad = 'stop', http, signal } = options;
  expectShare(rank, world);
  const { sequenceLength, heldOut, duplicates } = options;
  if (!(heldOut >= 0 && heldOut < 1)) {
    throw new GmlpError(
      'invalid-argument',
      `packCorpus: expected heldOut to be a part of the documents from 0 and below 1, got ${heldOut}`,
    );
  }
  const tokenizer = loadTokenizer(tokenizerFile);
  sequencePacker(tokenizer, sequenceLength); // refuses one that lacks what stands between documents, before the text is read
  const { vocabularySize } = tokenizer;
  const settings: CorpusSettings = {
    sequenceLength,
    vocabularySize,
    tokenizer: fingerprintOf(tokenizerFile),
    heldOut,
    duplicates,
  };
  await mkdir(join(folder, 'shards'), { recursive: true });
  const shards = await begun(folder, settings, sources, tokenizerFile);
  const mine = shards.filter((_, number) => number % world === rank);
  await removeLeftovers(folder, mine);

  const threads = openTaskThreads<PackTask, FromPackThread>({
    who: 'packCorpus',
    file: threadFile('pack-worker', import.meta.url),
    surroundings: { folder, settings, tokenizerFile, onBad, http } satisfies PackSurroundings,
    threads: options.threads ?? availableParallelism(),
    signal,
  });
  const work = async (stage: PackProgress['stage'], tasks: AsyncGenerator<PackTask>, of: readonly Shard[]): Promise<void> => {
    const sizes = await Promise.all(of.map(async ({ name, source }) => [name, await sourceBytes(source)] as const));
    const counted = readProgress(sizes, (progress) => options.onProgress?.({ stage, ...progress }));
    await threads.run(tasks, async (task, message) => {
      if (message.kind === 'bad') return options.onBadRecord?.(message.bad);
      counted.add(sourceName(task.source), message.progress, message.kind === 'done');
      if (message.kind === 'done' && task.kind === 'pack') await refreshIndex(folder, settings, shards);
    });
  };
  try {
    if (duplicates === 'drop') await hashed(folder, shards, mine, options, work);
    const unfinished = await unfinishedOf(folder, settings, shards, mine);
    // A mark of what was there before would stand for what is not there any more.
    for (const { shard } of unfinished) await rm(join(folder, `${shard.stem}.json`), { force: true });
    await refreshIndex(folder, settings, shards);
    const tasks = async function* (): AsyncGenerator<PackTask> {
      for (const { task } of unfinished) yield task;
    };
    await work(
      'pack',
      tasks(),
      unfinished.map(({ shard }) => shard),
    );
    return await refreshIndex(folder, settings, shards);
  } finally {
    await threads.close();
  }
}

type Work = (stage: PackProgress['stage'], tasks: AsyncGenerator<PackTask>, of: readonly Shard[]) => Promise<void>;

const hashesOf = (folder: string, { stem }: Shard): string => join(folder, `${stem}.hashes`);

/** Its own shards first, then what others have not hashed yet: nobody waits for anybody, and a process that never comes is not missed. */
async function hashed(
  folder: string,
  shards: readonly Shard[],
  mine: readonly Shard[],
  { rank = 0, world = 1 }: Pick<PackCorpusOptions, 'rank' | 'world'>,
  work: Work,
): Promise<void> {
  const last = mine.at(-1);
  if (last === undefined) return;
  const isHashed = async (shard: Shard): Promise<boolean> =>
    (await readHashesHead(hashesOf(folder, shard)))?.identity === shard.identity;
  const needed = shards.slice(0, shards.indexOf(last) + 1);
  const turn = Math.floor((rank * needed.length) / world);
  const missing: Shard[] = [];
  for (const shard of new Set([...mine, ...needed.slice(turn), ...needed.slice(0, turn)])) {
    if (!(await isHashed(shard))) missing.push(shard);
  }
  const tasks = async function* (): AsyncGenerator<PackTask> {
    for (const shard of missing) {
      if (await isHashed(shard)) continue; // meanwhile by another
      yield { kind: 'hash', source: shard.source, identity: shard.identity, path: hashesOf(folder, shard) };
    }
  };
  await work('hash', tasks(), missing);
}

interface Unfinished {
  readonly shard: Shard;
  readonly task: PackTask;
}

async function unfinishedOf(
  folder: string,
  settings: CorpusSettings,
  shards: readonly Shard[],
  mine: readonly Shard[],
): Promise<readonly Unfinished[]> {
  const drop = settings.duplicates === 'drop';
  const own = new Set(mine);
  const unfinished: Unfinished[] = [];
  const before: string[] = [];
  // What is left out of a shard follows from the hashes of those before it: its mark tells these too.
  let all = fingerprintOf(JSON.stringify(settings));
  for (const shard of shards) {
    if (drop) all = fingerprintOf(`${all}${(await readHashesHead(hashesOf(folder, shard)))?.fingerprint}`);
    if (own.has(shard)) {
      const made = fingerprintOf(`${all}${shard.identity}`);
      const hashes = drop ? { own: hashesOf(folder, shard), earlier: [...before] } : undefined;
      if (!(await isFinished(folder, shard, made))) {
        unfinished.push({ shard, task: { kind: 'pack', source: shard.source, made, hashes } });
      }
    }
    before.push(hashesOf(folder, shard));
  }
  return unfinished;
}

function expectShare(rank: number, world: number): void {
  if (Number.isSafeInteger(rank) && Number.isSafeInteger(world) && rank >= 0 && rank < world) return;
  throw new GmlpError(
    'invalid-argument',
    `packCorpus: expected a rank from 0 and below world, got rank ${rank} of world ${world}`,
    {
      rank,
      world,
    },
  );
}

/** The shards in their order: those that the folder knew before first, so that one more changes none of them. */
async function begun(
  folder: string,
  settings: CorpusSettings,
  sources: readonly CorpusSource[],
  tokenizerFile: string,
): Promise<readonly Shard[]> {
  const index = await readIndex(join(folder, indexName));
  if (index !== undefined) expectSettings(folder, index.settings, settings);
  const byName = new Map<string, Shard>();
  for (const source of sources) {
    const name = sourceName(source);
    if (byName.has(name)) throw new GmlpError('invalid-argument', `packCorpus: ${name} is given twice`, { file: name });
    byName.set(name, { source, name, stem: shardStem(name), identity: await sourceIdentity(source) });
  }
  if (byName.size === 0) throw new GmlpError('invalid-argument', 'packCorpus: expected at least one shard of text, got none');
  const names = new Set([...(index?.sources ?? []).filter((name) => byName.has(name)), ...byName.keys()]);
  const shards = [...names].map((name) => byName.get(name)!);
  const bytes = Buffer.from(tokenizerFile);
  if (index === undefined) await writeWholeFile('packCorpus', join(folder, 'tokenizer.json'), (writeAt) => writeAt(bytes, 0));
  await refreshIndex(folder, settings, shards);
  return shards;
}

function expectSettings(folder: string, before: CorpusSettings, now: CorpusSettings): void {
  for (const name of ['tokenizer', 'vocabularySize', 'sequenceLength', 'heldOut', 'duplicates'] as const) {
    if (before[name] === now[name]) continue;
    throw new GmlpError(
      'invalid-argument',
      `packCorpus: ${folder} holds a corpus whose ${name} is ${before[name]}, not ${now[name]}; pack it as before, or into another folder`,
      { folder, name },
    );
  }
}

/** What a process that was killed left: files of its own shards under temporary names. */
async function removeLeftovers(folder: string, mine: readonly Shard[]): Promise<void> {
  const stems = new Set(mine.map(({ stem }) => basename(stem)));
  for (const name of await readdir(join(folder, 'shards'))) {
    const stem = /^(.*)\.(training|validation)\.packed\.[^.]+\.tmp$/.exec(name)?.[1];
    if (stem !== undefined && stems.has(stem)) await rm(join(folder, 'shards', name), { force: true });
  }
}

/** A damaged one is as good as none: its shard is packed anew. */
async function markOf(folder: string, stem: string): Promise<CorpusShard | undefined> {
  return readShardMark(join(folder, `${stem}.json`)).catch((error: unknown) => {
    if (GmlpError.isInstance(error) && error.code === 'invalid-data') return undefined;
    throw error;
  });
}

async function isFinished(folder: string, { stem }: Shard, made: string): Promise<boolean> {
  const mark = await markOf(folder, stem);
  if (mark?.made !== made) return false;
  for (const part of corpusParts) {
    const { file, ids } = mark.parts[part];
    const packed = await openPacked(join(folder, file)).catch(() => undefined);
    await packed?.close();
    if (packed?.fingerprints.ids !== ids) return false;
  }
  return true;
}

/**
 * Writes the index from all marks that are there. Several processes may do so at once: each looks again after it wrote, and whoever
 * writes last has seen all marks.
 */
async function refreshIndex(folder: string, settings: CorpusSettings, shards: readonly Shard[]): Promise<CorpusIndex> {
  const names = shards.map(({ name }) => name);
  for (let written: CorpusIndex | undefined; ; ) {
    const marks = await Promise.all(shards.map(({ stem }) => markOf(folder, stem)));
    const index: CorpusIndex = { settings, sources: names, shards: marks.filter((mark) => mark !== undefined) };
    if (JSON.stringify(index) === JSON.stringify(written)) return index;
    await writeIndex(join(folder, indexName), index);
    written = index;
  }
}
