/**
 * `corpus.json`, the index of a packed corpus: what it is made of, and its shards that are packed. Beside it are `tokenizer.json`
 * and `shards/`, where each finished shard has two packed files and, written last, a mark: its entry of the index.
 */
import { GmlpError } from '@gmlp/base';
import { readWholeFile, writeWholeFile } from '@gmlp/base/node';
import { fingerprintOf } from '../fingerprint.ts';
import { isFingerprint } from '../packed-header.ts';
import type { CorpusStatistics } from './piece-statistics.ts';

export type CorpusPart = 'training' | 'validation';

/** What decides how a text is packed. */
export interface CorpusSettings {
  readonly sequenceLength: number;
  readonly vocabularySize: number;
  /** SHA-256 of tokenizer.json. */
  readonly tokenizer: string;
  /** The part of the documents that is held out for validation, from 0 to 1. */
  readonly heldOut: number;
  /** Whether documents that were there before are left out. */
  readonly duplicates: 'drop' | 'keep';
}

export interface CorpusIndex {
  readonly settings: CorpusSettings;
  /** The names of all shards that there will be, in the order in which the first of equal documents is kept. */
  readonly sources: readonly string[];
  /** Those that are packed, in the order of the sources. */
  readonly shards: readonly CorpusShard[];
}

export interface CorpusShard {
  readonly name: string;
  /** By which it is known whether what it was made of is the same: see `sourceIdentity`, and the hashes of earlier shards. */
  readonly made: string;
  /** SHA-256 of its documents, in their order. */
  readonly text: string;
  /** Documents that were there before, and records that could not be read, by the reason. */
  readonly repeated: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly parts: Readonly<Record<CorpusPart, PackedPart>>;
  readonly statistics: CorpusStatistics;
}

export interface PackedPart {
  /** Its packed file, from the folder of the corpus. */
  readonly file: string;
  readonly documents: number;
  readonly sequences: number;
  /** SHA-256 of its ids. */
  readonly ids: string;
}

export const corpusParts: readonly CorpusPart[] = ['training', 'validation'];
export const indexName = 'corpus.json';
const format = 'gmlp-corpus';
const version = 1;
/** Of an index of 20,000 shards. */
const mostBytes = 2 ** 26;

/** Where the files of a shard lie: its name as far as it may stand in a file's, and a part of its SHA-256. */
export function shardStem(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const readable = last
    .replace(/\.(json|jsonl|gz|parquet|txt)\b/gi, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 60);
  return `shards/${readable.replace(/^\.+/, '') || 'shard'}-${fingerprintOf(name).slice(0, 12)}`;
}

export async function writeIndex(path: string, index: CorpusIndex): Promise<void> {
  await writeJson(path, { format, version, ...index });
}

export async function writeShardMark(path: string, shard: CorpusShard): Promise<void> {
  await writeJson(path, { format: `${format}-shard`, version, ...shard });
}

async function writeJson(path: string, value: object): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
  await writeWholeFile('packCorpus', path, (writeAt) => writeAt(bytes, 0));
}

/** `undefined` where there is none. */
export async function readIndex(path: string): Promise<CorpusIndex | undefined> {
  const json = await readJson(path, format);
  if (json === undefined) return undefined;
  const check = checker(path);
  const settings = check.object(json['settings'], 'settings');
  const { duplicates } = settings;
  const names = check.list(json['sources'], 'sources').map((name, at) => check.text(name, `sources[${at}]`));
  const index: CorpusIndex = {
    settings: {
      sequenceLength: check.count(settings['sequenceLength'], 'settings.sequenceLength'),
      vocabularySize: check.count(settings['vocabularySize'], 'settings.vocabularySize'),
      tokenizer: check.fingerprint(settings['tokenizer'], 'settings.tokenizer'),
      heldOut: check.number(settings['heldOut'], 'settings.heldOut'),
      duplicates:
        duplicates === 'drop' || duplicates === 'keep' ? duplicates : check.refuse('settings.duplicates', '"drop" or "keep"'),
    },
    sources: names,
    shards: check.list(json['shards'], 'shards').map((shard, at) => shardOf(shard, `shards[${at}]`, check)),
  };
  const known = new Set(names);
  const twice = new Set<string>();
  for (const [at, { name }] of index.shards.entries()) {
    if (!known.has(name)) check.refuse(`shards[${at}].name`, 'one of its sources');
    if (twice.has(name)) check.refuse(`shards[${at}].name`, `a shard that is there once, not ${name} again`);
    twice.add(name);
  }
  return index;
}

export async function readShardMark(path: string): Promise<CorpusShard | undefined> {
  const json = await readJson(path, `${format}-shard`);
  return json === undefined ? undefined : shardOf(json, '', checker(path));
}

async function readJson(path: string, expected: string): Promise<Record<string, unknown> | undefined> {
  const bytes = await readWholeFile('openPackedCorpus:', path, mostBytes).catch((error: unknown) => {
    if (GmlpError.isInstance(error) && error.code === 'not-found') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const check = checker(path);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    return check.refuse('', `JSON, and it is none (${(cause as Error).message})`);
  }
  const value = check.object(json, '');
  if (value['format'] !== expected) check.refuse('format', JSON.stringify(expected));
  if (value['version'] !== version) {
    throw new GmlpError(
      'unsupported-version',
      `openPackedCorpus: ${path} has version ${JSON.stringify(value['version'])}, this gmlp reads version ${version}; update gmlp, or pack the text again`,
      { file: path },
    );
  }
  return value;
}

function shardOf(value: unknown, at: string, check: Checker): CorpusShard {
  const of = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const shard = check.object(value, at);
  const parts = check.object(shard['parts'], of('parts'));
  const statistics = check.object(shard['statistics'], of('statistics'));
  const counted = (name: keyof CorpusStatistics): number => check.count(statistics[name], of(`statistics.${name}`));
  const partOf = (name: CorpusPart): PackedPart => {
    const where = of(`parts.${name}`);
    const part = check.object(parts[name], where);
    return {
      file: check.inside(part['file'], `${where}.file`),
      documents: check.count(part['documents'], `${where}.documents`),
      sequences: check.count(part['sequences'], `${where}.sequences`),
      ids: check.fingerprint(part['ids'], `${where}.ids`),
    };
  };
  return {
    name: check.text(shard['name'], of('name')),
    made: check.fingerprint(shard['made'], of('made')),
    text: check.fingerprint(shard['text'], of('text')),
    repeated: check.count(shard['repeated'], of('repeated')),
    leftOut: Object.fromEntries(
      Object.entries(check.object(shard['leftOut'], of('leftOut'))).map(([reason, count]) => [
        reason,
        check.count(count, of(`leftOut.${reason}`)),
      ]),
    ),
    parts: { training: partOf('training'), validation: partOf('validation') },
    statistics: {
      documents: counted('documents'),
      bytes: counted('bytes'),
      tokens: counted('tokens'),
      unknown: counted('unknown'),
      byteFallback: counted('byteFallback'),
      lengths: check
        .list(statistics['lengths'], of('statistics.lengths'))
        .map((count, bucket) => check.count(count, of(`statistics.lengths[${bucket}]`))),
    },
  };
}

type Checker = ReturnType<typeof checker>;

function checker(path: string) {
  const refuse = (at: string, expected: string): never => {
    const where = at === '' ? '' : `, ${at}`;
    throw new GmlpError('invalid-data', `openPackedCorpus: ${path}${where}: expected ${expected}; pack the text again`, {
      file: path,
      at,
    });
  };
  return {
    refuse,
    object: (value: unknown, at: string): Record<string, unknown> =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : refuse(at, 'an object'),
    list: (value: unknown, at: string): readonly unknown[] =>
      Array.isArray(value) ? (value as readonly unknown[]) : refuse(at, 'a list'),
    text: (value: unknown, at: string): string => (typeof value === 'string' && value !== '' ? value : refuse(at, 'a text')),
    count: (value: unknown, at: string): number =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse(at, 'a whole number from 0'),
    number: (value: unknown, at: string): number =>
      typeof value === 'number' && value >= 0 && value <= 1 ? value : refuse(at, 'a number from 0 to 1'),
    fingerprint: (value: unknown, at: string): string =>
      typeof value === 'string' && isFingerprint(value) ? value : refuse(at, 'a SHA-256'),
    inside: (value: unknown, at: string): string =>
      typeof value === 'string' && /^shards\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(value)
        ? value
        : refuse(at, `a file in shards/ of the corpus, not ${JSON.stringify(value)}`),
  };
}
