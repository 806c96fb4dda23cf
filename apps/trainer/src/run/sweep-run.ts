/**
 * What a trainer that was killed while it wrote has left in the folders of its run: files under temporary names, and a model's folder, which nothing reads.
 * Only who holds the run's lock may sweep. The folder of checkpoints has a sweep of its own, in @gmlp/checkpoint.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure } from '@gmlp/base';
import { taskFolders } from '../tasks/table.ts';
import type { RunPaths } from './run-paths.ts';

/** Whether a file is being written, or was by a process that is gone. */
export const isTemporary = (name: string): boolean => /^\..+\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/.test(name);

/** Packed files have temporary names of their own. */
const isTemporaryOfData = (name: string): boolean => isTemporary(name) || /^(training|validation)\.packed\..+\.tmp$/.test(name);

/** Gives how many files were removed. */
export async function sweepRun({ directory, filters, model }: RunPaths): Promise<number> {
  const folders: readonly (readonly [string, (name: string) => boolean])[] = [
    [directory, isTemporary],
    [filters, isTemporary],
    ...taskFolders.map((name) => [join(directory, name), isTemporaryOfData] as const),
    [model, isTemporary],
  ];
  let removed = 0;
  for (const [folder, swept] of folders) {
    for (const name of (await namesIn(folder)).filter(swept)) {
      const path = join(folder, name);
      await rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
        throw fileFailure(path, cause);
      });
      removed++;
    }
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw fileFailure(folder, cause);
  });
  return entries.filter((entry) => !entry.isDirectory() || entry.name.startsWith('.model.')).map(({ name }) => name);
}
