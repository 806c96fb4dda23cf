/** The files of a source by their names, sizes and dates: what tells without reading them that none was touched. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOf, listTextFiles, readFailure } from '@gmlp/text/node';
import { listShards } from './list-shards.ts';
import { addressesFolder, type TextSourceOptions } from './text-source.ts';

/** SHA-256 of all of them; `undefined` where there is none. The date of the last change of a file cannot be set by hand. */
export async function sourceFiles(options: TextSourceOptions): Promise<string | undefined> {
  const lines: string[] = [];
  for (const [name, file] of await filesOf(options)) {
    const { size, mtimeMs, ctimeMs } = await stat(file).catch((cause: unknown) => {
      throw readFailure('the text', file, cause);
    });
    lines.push(JSON.stringify([name, size, mtimeMs, ctimeMs]));
  }
  return lines.length === 0 ? undefined : fingerprintOf(lines.join('\n'));
}

async function filesOf({ source, path }: TextSourceOptions): Promise<readonly (readonly [string, string])[]> {
  if (source === 'c4') return path === undefined ? [] : (await listShards(path)).shards.map((file) => [file, file]);
  const folder = source === 'sotu' ? addressesFolder() : path;
  if (folder === undefined) return [];
  const { root, files } = await listTextFiles(folder);
  return files.map((file) => [file, join(root, file)]);
}
