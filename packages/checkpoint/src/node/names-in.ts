import { fileError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';

/** The names in a folder; none when it does not exist. */
export async function namesIn(fileSystem: FileSystem, directory: string, where: string): Promise<readonly string[]> {
  try {
    return await fileSystem.readdir(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError(where, directory, cause);
  }
}
