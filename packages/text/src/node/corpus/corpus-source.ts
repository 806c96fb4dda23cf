/** What one shard of a corpus is made of: plain data, so that a thread can be told of it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAddress, readFailure, shownName } from '@gmlp/base/node';
import type { TextDocument } from '../../text-document.ts';
import type { DocumentStream } from '../bad-records.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { readC4 } from '../read-c4.ts';
import { readTextFiles } from '../read-text-files.ts';
import { type ParquetOptions, readParquetText } from './read-parquet-text.ts';
import type { ReadSourceOptions } from './read-source-options.ts';

export type CorpusSource =
  /** JSON lines with a `text`, gzip or plain: a file or an address. */
  | { readonly kind: 'json-lines'; readonly file: string }
  /** A column of texts: a file or an address. */
  | ({ readonly kind: 'parquet'; readonly file: string } & ParquetOptions)
  /** Files of a folder, each a document; `name` tells them from the other files of it. */
  | { readonly kind: 'text'; readonly name: string; readonly root: string; readonly files: readonly string[] };

/** How a shard is called: two of one name are one. */
export function sourceName(source: CorpusSource): string {
  return source.kind === 'text' ? source.name : shownName(source.file);
}

/** Its documents, in an order that is always the same. */
export function readSource(source: CorpusSource, options: ReadSourceOptions): AsyncIterable<TextDocument> {
  if (source.kind === 'json-lines') return readC4(source.file, options);
  if (source.kind === 'parquet') return readParquetText(source.file, source, options);
  return readTexts(source, options);
}

async function* readTexts(
  { root, files }: Extract<CorpusSource, { kind: 'text' }>,
  { onBadRecord, onBytes }: ReadSourceOptions,
): AsyncGenerator<TextDocument, void, undefined> {
  const sizes = await Promise.all(files.map(async (file) => (await statOf(join(root, file))).size));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let reached = 0;
  for (const [index, file] of files.entries()) {
    const documents: DocumentStream<TextDocument> = readTextFiles(join(root, file), { onBadRecord });
    for await (const document of documents) yield { ...document, source: { ...document.source, file } };
    reached += sizes[index]!;
    onBytes?.(reached, all);
  }
}

/** Bytes of its files; `undefined` where only a server knows. */
export async function sourceBytes(source: CorpusSource): Promise<number | undefined> {
  const files = localFiles(source);
  if (files === undefined) return undefined;
  const found = await Promise.all(files.map(([, file]) => statOf(file)));
  return found.reduce((sum, { size }) => sum + size, 0);
}

/**
 * SHA-256 of the names, sizes and dates of its files, by which an edited one is known without reading it. What stands behind an
 * address is taken to stay: C4's shards do.
 */
export async function sourceIdentity(source: CorpusSource): Promise<string> {
  const lines = [sourceName(source)];
  for (const [name, file] of localFiles(source) ?? []) {
    const { size, mtimeMs } = await statOf(file);
    lines.push(JSON.stringify([name, size, mtimeMs]));
  }
  if (source.kind === 'parquet') lines.push(JSON.stringify([source.column ?? null]));
  return fingerprintOf(lines.join('\n'));
}

function localFiles(source: CorpusSource): readonly (readonly [name: string, file: string])[] | undefined {
  if (source.kind === 'text') return source.files.map((file) => [file, join(source.root, file)] as const);
  return isAddress(source.file) ? undefined : [['', source.file]];
}

async function statOf(file: string): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  return stat(file).catch((cause: unknown) => {
    throw readFailure('packCorpus', file, cause);
  });
}
