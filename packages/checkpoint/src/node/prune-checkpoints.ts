import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { isAbandoned, temporaryName } from './checkpoint-name.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { listCheckpoints, namesIn } from './list-checkpoints.ts';

export interface PruneCheckpointsOptions extends FileOptions {
  /** How many of the newest complete checkpoints stay: at least 1. */
  readonly keep: number;
  /** The step of one more that stays. */
  readonly best?: number;
}

/**
 * Removes the complete checkpoints but the newest ones and the best, and what writers that were killed left under temporary
 * names. Nothing else: damaged checkpoints stay for people to look at. Gives the paths that it removed.
 */
export async function pruneCheckpoints(
  directory: string,
  { keep, best, fileSystem = nodeFileSystem }: PruneCheckpointsOptions,
): Promise<readonly string[]> {
  const where = 'pruneCheckpoints';
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new GmlpError('invalid-argument', `${where}: keep must be a whole number of at least 1, got ${keep}`, { keep });
  }
  const complete = (await listCheckpoints(directory, { fileSystem })).filter(({ refused }) => refused === undefined);
  const old = complete.slice(0, -keep).filter(({ step }) => step !== best);
  const abandoned = await abandonedIn(fileSystem, directory, where);
  try {
    for (const { step, path } of old) {
      // Under a temporary name first: one that is half removed must not look like a damaged checkpoint.
      const temporary = join(directory, temporaryName(step));
      await fileSystem.rename(path, temporary);
      await fileSystem.rm(temporary, { recursive: true, force: true });
    }
    for (const path of abandoned) await fileSystem.rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw fileError(where, directory, cause);
  }
  return [...old.map(({ path }) => path), ...abandoned];
}

async function abandonedIn(fileSystem: FileSystem, directory: string, where: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const name of await namesIn(fileSystem, directory, where)) {
    const path = join(directory, name);
    // Another process may remove it at the same moment.
    const changedAt = await fileSystem.stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (changedAt !== undefined && isAbandoned(name, changedAt)) paths.push(path);
  }
  return paths;
}
