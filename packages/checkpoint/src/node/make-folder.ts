/**
 * Makes a folder, and those around it that are missing; gives the outermost that it made. Node's own `mkdir` with `recursive` never
 * comes back where a folder is there in which nothing can be made (`/proc/x`): the system says that the folder is missing, and Node asks
 * again and again. Here each folder is asked for twice at most.
 */
import { dirname, resolve } from 'node:path';
import { fileFailure, GmlpError } from '@gmlp/base';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';

export async function makeFolder(path: string, { fileSystem = nodeFileSystem }: FileOptions = {}): Promise<string | undefined> {
  return make(resolve(path), fileSystem).catch((cause: unknown) => {
    throw fileFailure(path, cause);
  });
}

async function make(path: string, fileSystem: FileSystem): Promise<string | undefined> {
  const isThere = (): Promise<boolean> => isFolder(path, fileSystem);
  const tried = (): Promise<unknown> =>
    fileSystem.mkdir(path, { recursive: false }).then(
      () => undefined,
      async (cause: unknown) => ((await isThere()) ? undefined : cause), // another process may have made it
    );
  if (await isThere()) return undefined;
  const cause = await tried();
  if (cause === undefined) return path;
  const around = dirname(path);
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || around === path) throw cause;
  const made = await make(around, fileSystem);
  const again = await tried();
  if ((again as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new GmlpError('io', `makeFolder: cannot make ${path}: no folder can be made in ${around}`, { path }, { cause });
  }
  if (again !== undefined) throw again;
  return made ?? path;
}

async function isFolder(path: string, fileSystem: FileSystem): Promise<boolean> {
  const found = await fileSystem.stat(path).catch(() => undefined);
  if (found?.isFile()) throw new GmlpError('io', `makeFolder: ${path} is a file, and a folder belongs there`, { path });
  return found !== undefined;
}
