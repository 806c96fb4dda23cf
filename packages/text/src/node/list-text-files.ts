/** Which files of a folder are text: by the end of their name, in the folders below it too, behind links as well. */
import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { otherThanFile, readFailure } from '@gmlp/base/node';

/** Capital letters or not. */
export const textExtensions: readonly string[] = ['.txt', '.text', '.md', '.markdown'];

export interface TextListing {
  /** What the names are relative to. */
  readonly root: string;
  /** With `/`, in the order of their UTF-16 units: the same everywhere. */
  readonly files: readonly string[];
  /** Links that lead nowhere, pipes and the like that bear a text's name. */
  readonly broken: readonly { readonly file: string; readonly problem: string }[];
  /** Files of other kinds, which are not read: how many by the end of their names. */
  readonly others: ReadonlyMap<string, number>;
}

/** Of a folder; of a file it is the file alone, whatever its name. Links are followed, and each folder is read once. */
export async function listTextFiles(path: string, extensions: readonly string[] = textExtensions): Promise<TextListing> {
  const fail = (cause: unknown): never => {
    throw readFailure('readTextFiles', path, cause);
  };
  const top = await stat(path).catch(fail);
  if (!top.isDirectory()) {
    const other = otherThanFile(top);
    if (other !== undefined)
      throw new GmlpError('invalid-argument', `readTextFiles: ${path} is ${other}, expected a file or a folder`, { path });
    return { root: dirname(path), files: [basename(path)], broken: [], others: new Map() };
  }
  const files: string[] = [];
  const broken: { file: string; problem: string }[] = [];
  const others = new Map<string, number>();
  const seen = new Set<string>();
  async function walk(folder: string, prefix: string): Promise<void> {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = `${prefix}${entry.name}`;
      const isText = extensions.some((extension) => entry.name.toLowerCase().endsWith(extension));
      const found = await followed(join(folder, entry.name));
      if (!('problem' in found) && found.isDirectory()) await walk(join(folder, entry.name), `${file}/`);
      else if (!isText) others.set(extname(entry.name), (others.get(extname(entry.name)) ?? 0) + 1);
      else if ('problem' in found) broken.push({ file, problem: found.problem });
      else {
        const other = otherThanFile(found);
        if (other === undefined) files.push(file);
        else broken.push({ file, problem: `it is ${other}` });
      }
    }
  }
  await walk(path, '').catch(fail);
  if (files.length === 0 && broken.length === 0) {
    const beside = others.size === 0 ? '' : `; there are ${inWords(others)}`;
    throw new GmlpError(
      'not-found',
      `readTextFiles: no file that ends in ${extensions.join(', ')} in ${path} or below${beside}; name such a file itself to read it`,
      { path },
    );
  }
  return { root: path, files: files.sort((a, b) => (a < b ? -1 : 1)), broken, others };
}

async function followed(path: string): Promise<Stats | { readonly problem: string }> {
  try {
    return await stat(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { problem: 'a link to a file that is not there' };
    if (code === 'ELOOP') return { problem: 'a link that leads in a circle' };
    return { problem: message };
  }
}

/** `.csv 2, .pdf 1` */
export function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name || 'without an ending'} ${count}`).join(', ');
}
