/** The files of a source, or packed ones, by their names, sizes and dates: what tells without reading them that none was touched. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailure } from '@gmlp/base/node';
import { fingerprintOf, listTextFiles } from '@gmlp/text/node';
import { listShards } from './list-shards.ts';
import { addressesFolder, type TextSourceOptions } from './text-source.ts';

type NamedFiles = readonly (readonly [name: string, file: string])[];

/** SHA-256 of all of them; `undefined` where there is none. */
export async function sourceFiles(options: TextSourceOptions): Promise<string | undefined> {
  return datesOf(await filesOf(options));
}

/** The same of files that were packed. */
export async function packedFiles(folder: string): Promise<string | undefined> {
  return datesOf(['training.packed', 'validation.packed'].map((name) => [name, join(folder, name)] as const));
}

/** The date of the last change of a file cannot be set by hand. */
async function datesOf(files: NamedFiles): Promise<string | undefined> {
  const lines: string[] = [];
  for (const [name, file] of files) {
    const { size, mtimeMs, ctimeMs } = await stat(file).catch((cause: unknown) => {
      throw readFailure('the text', file, cause);
    });
    lines.push(JSON.stringify([name, size, mtimeMs, ctimeMs]));
  }
  return lines.length === 0 ? undefined : fingerprintOf(lines.join('\n'));
}

async function filesOf({ source, path }: TextSourceOptions): Promise<NamedFiles> {
  if (source === 'c4') return path === undefined ? [] : (await listShards(path)).shards.map((file) => [file, file]);
  const folder = source === 'sotu' ? addressesFolder() : path;
  if (folder === undefined) return [];
  const { root, files } = await listTextFiles(folder);
  return files.map((file) => [file, join(root, file)]);
}
