import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { hasImageName } from '@gmlp/vision';

/** Whether a path is a tar, or a folder of folders of which one holds an image; false where there is nothing. */
export async function holdsImages(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return found !== undefined && extname(path).toLowerCase() === '.tar';
  const entries = await readdir(path, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && !entry.name.startsWith('.') && !hasImageName(entry.name))) return false;
  for (const entry of entries) {
    if (entry.isDirectory() && (await readdir(join(path, entry.name))).some(hasImageName)) return true;
  }
  return false;
}
