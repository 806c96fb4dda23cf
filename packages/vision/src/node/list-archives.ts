/** The files that a path stands for: itself, those that its braces name, or those of a folder that end as they should. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, listedNames } from '@gmlp/base';
import { isAddress, readFailure } from '@gmlp/base/node';
import { byUnits } from '../class-list.ts';
import { expandBraces } from '../expand-braces.ts';

export async function listArchives(paths: string | readonly string[], ending: string): Promise<string[]> {
  const names: string[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) {
    // A name that has braces in it is itself where it is there.
    const literal = isAddress(path) ? 'none' : await kindOf(path);
    for (const name of literal === 'none' ? expandBraces(path) : [path]) {
      const isFolder = !isAddress(name) && (await kindOf(name)) === 'folder';
      names.push(...(isFolder ? await filesOf(name, ending) : [name]));
    }
  }
  return names;
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => 'none',
  );
}

/** Training and validation often lie in one folder: it is taken as a whole only if its files are those of one set. */
async function filesOf(folder: string, ending: string): Promise<string[]> {
  const inside = await readdir(folder).catch((cause: unknown) => {
    throw readFailure('openImageSource', folder, cause);
  });
  const names = inside.filter((each) => each.endsWith(ending) && !each.startsWith('.')).sort(byUnits);
  if (names.length === 0) {
    throw new GmlpError('not-found', `openImageSource: no file that ends in ${ending} in ${folder}`, { path: folder });
  }
  const sets = new Set(names.map((name) => name.replace(/\d+/g, '…')));
  if (sets.size > 1) {
    const problem = `there are files of several sets in ${folder} (${listedNames([...sets])}); name those that are meant, as ${join(folder, `train-{000..123}${ending}`)}`;
    throw new GmlpError('invalid-argument', `openImageSource: ${problem}`, { path: folder });
  }
  return names.map((name) => join(folder, name));
}
