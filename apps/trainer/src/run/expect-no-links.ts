/** A trainer writes inside its run's folder and nowhere else: what it appends to or fills may not be a link. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { taskFolders } from '../tasks/table.ts';
import { runPaths } from './run-paths.ts';

/** What is replaced by a rename needs no look: the link itself goes, not what it leads to. */
export async function expectNoLinks(directory: string): Promise<void> {
  const { metrics, checkpoints, filters, model } = runPaths(directory);
  const data = taskFolders.map((name) => join(directory, name));
  for (const path of [metrics, checkpoints, filters, ...data, model]) {
    const stats = await lstat(path).catch(() => undefined); // absent, or the one that writes it will say what is wrong
    if (!stats?.isSymbolicLink()) continue;
    throw new GmlpError(
      'invalid-argument',
      `train: ${path} is a link, and what it leads to would be written over; put a folder or file in its place. The whole folder of a run may be a link`,
      { path },
    );
  }
}
