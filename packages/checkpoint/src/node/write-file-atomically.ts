/**
 * Replaces a file in one step: readers and crashes see the old content or the new, never a part. The content goes to a
 * temporary name in the same folder, is flushed to the disk, and takes the final name by a rename. A link of that name is
 * replaced, not followed. What a killed process has left of the same file under a temporary name is removed.
 */
import { basename, dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { FileContent } from '../model-files.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { expectNotStopped, type StopOptions } from './stop-options.ts';
import { sweep, temporaryName } from './temporary-name.ts';
import { flushFolder, writeFlushed } from './write-flushed.ts';

export async function writeFileAtomically(
  path: string,
  content: FileContent,
  { signal, fileSystem = nodeFileSystem }: FileOptions & StopOptions = {},
): Promise<void> {
  const where = 'writeFileAtomically';
  const [folder, name] = [dirname(path), basename(path)];
  const temporary = join(folder, temporaryName(name));
  const goOn = (): void => expectNotStopped(signal, where, path);
  try {
    goOn();
    await sweep(fileSystem, folder, where, (each) => each === name).catch(() => undefined); // nothing reads it
    await writeFlushed(fileSystem, temporary, content, goOn);
    await fileSystem.rename(temporary, path);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    await fileSystem.rm(temporary, { force: true }).catch(() => undefined);
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EISDIR') {
      throw new GmlpError(
        'io',
        `${where}: cannot write ${path}: it is a folder; name a file in it, or another`,
        { path },
        { cause },
      );
    }
    if (code !== 'ENOENT') throw fileError(where, path, cause);
    const problem = `${where}: cannot write ${path}: the folder ${folder} does not exist, or takes no files`;
    throw new GmlpError('not-found', problem, { path }, { cause });
  }
  await flushFolder(fileSystem, folder).catch((cause) => {
    throw fileError(where, folder, cause);
  });
}
