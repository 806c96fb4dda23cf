/** Whether a text is still what it was when it was packed: by the sizes and dates of its files, and where these differ by what it says. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { fingerprintOf, listTextFiles } from '@gmlp/text/node';
import { listShards } from './list-shards.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { openTextSource, type TextSourceOptions } from './text-source.ts';

export interface SourceFiles {
  /** SHA-256 of the names, sizes and dates. */
  readonly signature: string;
  readonly bytes: number;
}

/** Not of the addresses: they come with the package. */
export async function sourceFiles({ source, path }: TextSourceOptions): Promise<SourceFiles | undefined> {
  if (source === 'sotu' || path === undefined) return undefined;
  const files = source === 'c4' ? (await listShards(path)).shards.map((file) => [file, file] as const) : await textFiles(path);
  const lines: string[] = [];
  let bytes = 0;
  for (const [name, file] of files) {
    const { size, mtimeMs } = await stat(file);
    lines.push(JSON.stringify([name, size, mtimeMs]));
    bytes += size;
  }
  return { signature: fingerprintOf(lines.join('\n')), bytes };
}

async function textFiles(path: string): Promise<(readonly [string, string])[]> {
  const { root, files } = await listTextFiles(path);
  return files.map((file) => [file, join(root, file)]);
}

/** A text of more bytes is not read again only to see whether dates alone changed. */
const mostRead = 2 ** 30;

export interface PackedSource {
  readonly files: string | undefined;
  readonly fingerprints: { readonly source: string; readonly tokenizer: string };
}

/** What changed since, in words; `undefined` when nothing did. */
export async function sourceChange(
  options: TextSourceOptions & { readonly tokenizer?: string | undefined },
  { files, fingerprints }: PackedSource,
): Promise<string | undefined> {
  const { path, tokenizer } = options;
  try {
    if (tokenizer !== undefined && fingerprintOf(await readTokenizerFile(tokenizer)) !== fingerprints.tokenizer) {
      return `the tokenizer ${tokenizer} is another than the text was packed with`;
    }
    const now = await sourceFiles(options);
    if (now === undefined || now.signature === files) return undefined;
    if (now.bytes > mostRead) return `files of ${path} have other sizes or dates than when they were packed`;
    const { fingerprint } = await openTextSource(options);
    return fingerprint === fingerprints.source ? undefined : `the text ${path} was changed since it was packed`;
  } catch (cause) {
    // The packed tokens are all that training needs.
    const why = GmlpError.isInstance(cause) || cause instanceof Error ? cause.message : String(cause);
    return `what was packed cannot be read any more (${why})`;
  }
}
