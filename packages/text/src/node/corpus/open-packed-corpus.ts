/** A packed corpus, read where it is asked for: memory holds the sequences of a batch, and some of the files are open at a time. */
import { join } from 'node:path';
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { readWholeFile } from '@gmlp/base/node';
import type { PackedSequences } from '../../packed-sequences.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { openPacked, type PackedFile } from '../open-packed.ts';
import { type CorpusIndex, type CorpusPart, type CorpusShard, indexName, readIndex } from './corpus-index.ts';

export interface PackedCorpus {
  /** With the shards alone that are read. */
  readonly index: CorpusIndex;
  /** The text of its tokenizer.json. */
  readonly tokenizerFile: string;
  /** SHA-256 of the documents of these shards. */
  readonly source: string;
  readonly training: CorpusSequences;
  readonly validation: CorpusSequences;
  close(): Promise<void>;
}

/** The sequences of all shards, numbered through in the order of the index. */
export interface CorpusSequences extends PackedSequences {
  readonly sequenceLength: number;
  readonly documents: number;
  /** SHA-256 of the ids of all shards. */
  readonly fingerprint: string;
  sequence(index: number): Promise<Int32Array>;
}

export interface OpenCorpusOptions {
  /** Refuse the corpus unless it was packed with so many pieces, or in so long sequences. */
  readonly vocabularySize?: number | undefined;
  readonly sequenceLength?: number | undefined;
  /** The shards to read, by their names: those that were there when a run began. All that are packed by default. */
  readonly shards?: readonly string[] | undefined;
}

const mostTokenizerBytes = 2 ** 27;
/** Files that are open at a time. */
const mostOpen = 64;

/** Looks at the head of every file: a shard that is another than the index says is refused by its name. */
export async function openPackedCorpus(folder: string, options: OpenCorpusOptions = {}): Promise<PackedCorpus> {
  const path = join(folder, indexName);
  const whole = await readIndex(path);
  if (whole === undefined) {
    throw new GmlpError(
      'not-found',
      `openPackedCorpus: ${folder} holds no packed corpus (${indexName}); make one with gmlp data pack`,
      {
        folder,
      },
    );
  }
  const { settings } = whole;
  for (const name of ['vocabularySize', 'sequenceLength'] as const) {
    if (options[name] === undefined || options[name] === settings[name]) continue;
    throw new GmlpError(
      'shape-mismatch',
      `openPackedCorpus: ${folder} was packed with ${name} ${settings[name]}, expected ${options[name]}; take ${settings[name]}, or pack the text again, into another folder`,
      { folder, expected: options[name], actual: settings[name] },
    );
  }
  const tokenizerPath = join(folder, 'tokenizer.json');
  const tokenizerFile = (await readWholeFile('openPackedCorpus:', tokenizerPath, mostTokenizerBytes)).toString('utf8');
  if (fingerprintOf(tokenizerFile) !== settings.tokenizer) {
    throw new GmlpError(
      'invalid-data',
      `openPackedCorpus: ${tokenizerPath} is not the tokenizer that the corpus was packed with`,
      {
        file: tokenizerPath,
      },
    );
  }
  const shards = options.shards === undefined ? whole.shards : options.shards.map((name) => named(folder, whole, name));
  const index = { ...whole, shards };
  const [training, validation] = [await openPart(folder, index, 'training'), await openPart(folder, index, 'validation')];
  return {
    index,
    tokenizerFile,
    source: fingerprintOf(shards.map(({ text }) => text).join('\n')),
    training: training.sequences,
    validation: validation.sequences,
    async close() {
      await training.close();
      await validation.close();
    },
  };
}

/** How many documents and sequences some shards of an index have, without opening them. */
export function corpusCounts(
  shards: readonly CorpusShard[],
  part: CorpusPart,
): { readonly documents: number; readonly sequences: number } {
  const sum = (of: 'documents' | 'sequences'): number => shards.reduce((all, { parts }) => all + parts[part][of], 0);
  return { documents: sum('documents'), sequences: sum('sequences') };
}

/** Of some shards of an index, without opening them. */
export function corpusFingerprint(shards: readonly CorpusShard[], part: CorpusPart): string {
  return fingerprintOf(shards.map(({ parts }) => parts[part].ids).join('\n'));
}

function named(folder: string, { shards, sources }: CorpusIndex, name: string): CorpusShard {
  const found = shards.find((shard) => shard.name === name);
  if (found !== undefined) return found;
  const why = sources.includes(name) ? 'is not packed any more: gmlp data pack goes on with it' : 'is no part of it any more';
  throw new GmlpError('not-found', `openPackedCorpus: the shard ${name} of ${folder} ${why}`, { folder, shard: name });
}

async function openPart(
  folder: string,
  { settings, shards }: CorpusIndex,
  part: CorpusPart,
): Promise<{ readonly sequences: CorpusSequences; close(): Promise<void> }> {
  const { sequenceLength, vocabularySize } = settings;
  const open = (shard: CorpusShard): Promise<PackedFile> => openShard(folder, settings, shard, part);
  const starts = new Float64Array(shards.length + 1);
  for (const [at, shard] of shards.entries()) {
    await (await open(shard)).close();
    starts[at + 1] = starts[at]! + shard.parts[part].sequences;
  }
  const count = starts[shards.length]!;
  const files = openFew(shards, open);

  const place = (index: number): { readonly shard: number; readonly within: number } => {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new GmlpError('invalid-argument', `openPackedCorpus: ${folder} has no ${part} sequence ${index}; it has ${count}`, {
        index,
      });
    }
    let [low, high] = [0, shards.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return { shard: low, within: index - starts[low]! };
  };
  const sequence = async (index: number): Promise<Int32Array> => {
    const { shard, within } = place(index);
    return files.use(shard, (file) => file.sequence(within));
  };
  return {
    sequences: {
      count,
      vocabularySize,
      sequenceLength,
      documents: corpusCounts(shards, part).documents,
      fingerprint: corpusFingerprint(shards, part),
      sequence,
      async batch(indices): Promise<HostArray<'int32'>> {
        const rows = await Promise.all(Array.from(indices, sequence));
        const ids = new Int32Array(rows.length * sequenceLength);
        for (const [row, found] of rows.entries()) ids.set(found, row * sequenceLength);
        return hostArray('int32', [rows.length, sequenceLength], ids);
      },
    },
    close: files.close,
  };
}

async function openShard(
  folder: string,
  { sequenceLength, vocabularySize, tokenizer }: CorpusIndex['settings'],
  { name, parts, text }: CorpusShard,
  part: CorpusPart,
): Promise<PackedFile> {
  const { file, sequences, ids } = parts[part];
  const path = join(folder, file);
  const packed = await openPacked(path, { sequenceLength, vocabularySize });
  const expected = [
    ['ids', packed.fingerprints.ids, ids],
    ['text', packed.fingerprints.source, text],
    ['tokenizer', packed.fingerprints.tokenizer, tokenizer],
    ['number of sequences', packed.count, sequences],
  ] as const;
  const other = expected.find(([, found, said]) => found !== said);
  if (other === undefined) return packed;
  await packed.close();
  throw new GmlpError(
    'invalid-data',
    `openPackedCorpus: ${path}, the shard ${name}: its ${other[0]} is ${other[1] ?? 'not told'}, the index says ${other[2]}; remove the file, and gmlp data pack makes it anew`,
    { file: path, shard: name },
  );
}

interface Opened {
  readonly file: Promise<PackedFile>;
  users: number;
}

/** Files by number, of which those that were used last stay open. */
function openFew(shards: readonly CorpusShard[], open: (shard: CorpusShard) => Promise<PackedFile>) {
  const opened = new Map<number, Opened>();
  let closed = false;
  const closeQuietly = async ({ file }: Opened): Promise<void> => (await file.catch(() => undefined))?.close();
  return {
    async use<Result>(number: number, use: (file: PackedFile) => Promise<Result>): Promise<Result> {
      if (closed) throw new GmlpError('disposed', 'openPackedCorpus: the corpus was closed; open it again to read');
      const each = opened.get(number) ?? { file: open(shards[number]!), users: 0 };
      opened.delete(number); // to the end, as the one that was used last
      opened.set(number, each);
      each.file.catch(() => opened.get(number) === each && opened.delete(number)); // another time it may be opened
      each.users++;
      try {
        return await use(await each.file);
      } finally {
        each.users--;
        for (const [other, unused] of opened) {
          if (opened.size <= mostOpen) break;
          if (unused.users > 0) continue;
          opened.delete(other);
          await closeQuietly(unused);
        }
      }
    },
    async close() {
      closed = true;
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map(closeQuietly));
    },
  };
}
