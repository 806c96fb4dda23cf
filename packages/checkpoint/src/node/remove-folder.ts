import { basename, dirname, join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { removedName } from './temporary-name.ts';

/** Removes a folder, if there is one. It loses its name first: cut short, what is left cannot be taken for what it was. */
export async function removeFolder(fileSystem: FileSystem, path: string): Promise<void> {
  const going = join(dirname(path), removedName(basename(path)));
  try {
    await fileSystem.rename(path, going);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  await fileSystem.rm(going, { recursive: true, force: true });
}
