/** A folder of plain text: each file is one document. All folders below it are read too, in the order of their paths. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { TextDocument } from '../text-document.ts';
import { badRecords, type DocumentPosition, type DocumentStream, startingFile } from './bad-records.ts';
import type { ReadOptions } from './read-c4.ts';

export interface ReadTextFolderOptions extends ReadOptions {
  /** Which files are text, by the end of their name. */
  readonly extensions?: readonly string[];
}

/** The paths of the text files, relative to the folder, with `/`, in the order of their UTF-16 units: the same everywhere. */
export async function listTextFiles(folder: string, extensions: readonly string[] = ['.txt']): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new GmlpError(
      cause.code === 'ENOENT' ? 'not-found' : 'io',
      `readTextFolder: ${folder}: ${cause.message}`,
      { folder },
      { cause },
    );
  });
  const files = entries
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  if (files.length === 0) {
    throw new GmlpError('not-found', `readTextFolder: no file that ends in ${extensions.join(' or ')} in ${folder} or below`, {
      folder,
    });
  }
  return files.sort((a, b) => (a < b ? -1 : 1));
}

export function readTextFolder(
  folder: string,
  { from, onBadRecord = 'throw', maxRecordBytes = 16 * 2 ** 20, extensions }: ReadTextFolderOptions = {},
): DocumentStream<TextDocument> {
  const bad = badRecords('readTextFolder', onBadRecord);
  let position: DocumentPosition | null = from ?? null;

  async function* documents(): AsyncGenerator<TextDocument, void, undefined> {
    const files = await listTextFiles(folder, extensions);
    const first = startingFile('readTextFolder', files, from) + (from?.record ?? 0);
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    for (const file of files.slice(first)) {
      const path = join(folder, file);
      let text: string;
      try {
        const { size } = await stat(path);
        if (size === 0 || size > maxRecordBytes) {
          bad.report(size === 0 ? 'empty' : 'too long', file, 0, `${size} bytes, expected 1 to ${maxRecordBytes}`);
          continue;
        }
        const bytes = await readFile(path);
        try {
          text = utf8.decode(bytes);
        } catch (cause) {
          bad.report('invalid UTF-8', file, 0, `somewhere in its ${bytes.length} bytes`, cause);
          continue;
        }
      } catch (cause) {
        if (GmlpError.isInstance(cause)) throw cause;
        throw new GmlpError('io', `readTextFolder: ${path}: ${(cause as Error).message}`, { file }, { cause });
      }
      position = { file, record: 1 };
      yield { text, timestamp: null, url: null, source: { file, record: 0 } };
    }
  }
  return { [Symbol.asyncIterator]: documents, position: () => position, skipped: () => bad.counts };
}
