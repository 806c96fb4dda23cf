import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { sweep } from './temporary-name.ts';

/**
 * Removes from a folder the temporary files of `writeFileAtomically` and of the other writers here that killed processes left: for
 * the start of a program. Files of processes that run stay. Gives the paths that it removed; a missing folder has none.
 */
export function sweepTemporaries(
  directory: string,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<readonly string[]> {
  return sweep(fileSystem, directory, 'sweepTemporaries', () => true);
}
