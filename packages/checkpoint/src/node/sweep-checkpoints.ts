import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { checkCheckpoint } from './check-checkpoint.ts';
import { checkpointName, oldName, stepOfName } from './checkpoint-name.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { namesIn } from './names-in.ts';
import { removeFolder } from './remove-folder.ts';
import { sweep } from './temporary-name.ts';

/**
 * Ends in a folder of checkpoints what killed processes began: removes what they left half written or half removed, gives a
 * checkpoint that was being replaced its name back, or removes it where the other is whole. For the start of a program that alone
 * writes there; `pruneCheckpoints` does it too. Gives the paths that it removed.
 */
export async function sweepCheckpoints(
  directory: string,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<readonly string[]> {
  const where = 'sweepCheckpoints';
  const removed = [...(await sweep(fileSystem, directory, where, (name) => stepOfName(name) !== undefined))];
  const names = await namesIn(fileSystem, directory, where);
  for (const name of names) {
    const step = stepOfName(name);
    if (step === undefined || name !== oldName(step)) continue;
    const [old, path] = [join(directory, name), join(directory, checkpointName(step))];
    try {
      if (!names.includes(checkpointName(step))) await fileSystem.rename(old, path);
      else if (await isWhole(path)) {
        await removeFolder(fileSystem, old);
        removed.push(old);
      }
    } catch (cause) {
      throw fileError(where, old, cause);
    }
  }
  return removed;

  function isWhole(path: string): Promise<boolean> {
    return checkCheckpoint(fileSystem, path, where).then(
      () => true,
      (error: unknown) => {
        if (GmlpError.isInstance(error) && error.code !== 'io') return false;
        throw error;
      },
    );
  }
}
