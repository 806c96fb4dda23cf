import { GmlpError } from '@gmlp/base';
import { expectNoLink } from './expect-no-link.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { removeFolder } from './remove-folder.ts';
import { sweepCheckpoints } from './sweep-checkpoints.ts';

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
  await expectNoLink(fileSystem, directory, where);
  const complete = (await listCheckpoints(directory, { fileSystem })).filter(({ refused }) => refused === undefined);
  const old = complete.slice(0, -keep).filter(({ step }) => step !== best);
  try {
    for (const { path } of old) await removeFolder(fileSystem, path);
  } catch (cause) {
    throw fileError(where, directory, cause);
  }
  return [...old.map(({ path }) => path), ...(await sweepCheckpoints(directory, { fileSystem }))];
}
