/** text.json, which is written last into the folder of a prepared text: what it was made of, and that it is whole. */
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type JsonFormat, parseVersionedJson, versionedJson } from '@gmlp/checkpoint';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { readSmallFile } from '../../run/read-small-file.ts';
import type { CorpusPart } from './corpus.ts';
import type { TextSettings } from './text-settings.ts';

/** SHA-256 of all that training reads and of what it was made of: equal ones mean the same batches under the same key. */
export interface TextFingerprints {
  /** The documents as they were read, in their order. */
  readonly source: string;
  readonly tokenizer: string;
  /** The packed ids of each part. */
  readonly training: string;
  readonly validation: string;
}

/** What the files of a source were when they were read the last time. */
export interface LookedAt {
  /** Of their names, sizes and dates (source-files.ts). */
  readonly files: string;
  /** SHA-256 of what they say. */
  readonly source: string;
}

export interface TextMark {
  readonly documents: Readonly<Record<CorpusPart, number>>;
  readonly fingerprints: TextFingerprints;
  /** What decided which part is held out; absent from a text that an earlier version prepared. */
  readonly seed?: number;
  readonly looked?: LookedAt;
  /** Of a packed corpus: the shards that are read, each with the SHA-256 of what it holds. */
  readonly shards?: Readonly<Record<string, string>>;
  /** Of the packed files' sizes and dates (source-files.ts), as they were written or read through the last time. */
  readonly packed?: string;
}

/** What a mark is checked against. */
type MarkSettings = Partial<Omit<TextSettings, 'source'>> & { readonly source: TextSettings['source'] | 'packed' };

const format: JsonFormat = { format: 'gmlp-text', version: 2 };
const pathOf = (folder: string): string => join(folder, 'text.json');

export async function writeTextMark(folder: string, settings: MarkSettings, mark: TextMark): Promise<void> {
  const told = Object.entries({ ...madeOf(settings), ...mark }).filter(([, value]) => value !== undefined);
  await writeFileAtomically(pathOf(folder), versionedJson('writeTextMark', format, Object.fromEntries(told)));
}

/** Far more than it has, also of the 7,232 shards of en.noclean in folders of long names. */
const mostBytes = 2 ** 24;

/** `undefined` where there is none. Refuses one of a text that was prepared with other settings. */
export async function readTextMark(folder: string, settings: MarkSettings): Promise<TextMark | undefined> {
  const path = pathOf(folder);
  const text = await readSmallFile(path, mostBytes);
  if (text === undefined) return undefined;
  const advice = `remove ${folder}, and the text is packed anew`;
  const fail = (problem: string): GmlpError =>
    new GmlpError('invalid-data', `openPreparedText: ${path} ${problem}; ${advice}`, { path });
  const kind = 'the mark of a prepared text';
  const mark = parseVersionedJson(text, format, { where: 'openPreparedText', path, kind, advice });
  if (mark['version'] !== format.version) throw fail(`has version ${String(mark['version'])}, this gmlp reads ${format.version}`);
  for (const [name, value] of Object.entries(madeOf(settings))) {
    if (mark[name] !== value) throw fail(`was made with ${name} ${String(mark[name])}, expected ${String(value)}`);
  }
  const { training, validation } = (mark['documents'] ?? {}) as Partial<TextMark['documents']>;
  if (typeof training !== 'number' || typeof validation !== 'number') throw fail('lacks "documents"');
  const fingerprints = mark['fingerprints'] as TextFingerprints | undefined;
  for (const name of ['source', 'tokenizer', 'training', 'validation'] as const) {
    if (!isFingerprint(fingerprints?.[name])) throw fail(`lacks fingerprints.${name}`);
  }
  const { seed, looked, packed, shards } = mark as Partial<TextMark>;
  if (shards !== undefined && !(isRecord(shards) && Object.values(shards).every(isFingerprint)))
    throw fail('has "shards" that are not names with a SHA-256 each');
  if (seed !== undefined && typeof seed !== 'number') throw fail('has a "seed" that is no number');
  if (looked !== undefined && !(isFingerprint(looked?.files) && isFingerprint(looked.source)))
    throw fail('has "looked" that is not { files, source }');
  if (packed !== undefined && !isFingerprint(packed)) throw fail('has a "packed" that is no SHA-256');
  const rest = {
    ...(packed !== undefined && { packed }),
    ...(shards !== undefined && { shards }),
    ...(seed !== undefined && { seed }),
    ...(looked && { looked }),
  };
  return { documents: { training, validation }, fingerprints: fingerprints!, ...rest };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFingerprint = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function madeOf({ source, path, onBad, heldOut, vocabulary, tokenizer, tokens, form }: MarkSettings): Record<string, unknown> {
  return { source, path, onBad, heldOut, vocabulary, tokenizer, tokens, form };
}
