/**
 * Replaces a file in one step: readers and crashes see the old content or the new, never a part. The content goes to a
 * temporary name in the same folder, is flushed to the disk, and takes the final name by a rename. A link of that name is
 * replaced, not followed.
 */
import { basename, dirname, join } from 'node:path';
import type { FileContent } from '../model-files.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { temporaryName } from './temporary-name.ts';
import { flushFolder, writeFlushed } from './write-flushed.ts';

export async function writeFileAtomically(
  path: string,
  content: FileContent,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    await writeFlushed(fileSystem, temporary, content);
    await fileSystem.rename(temporary, path);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    await fileSystem.rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('writeFileAtomically', path, cause);
  }
  await flushFolder(fileSystem, dirname(path)).catch((cause) => {
    throw fileError('writeFileAtomically', dirname(path), cause);
  });
}
