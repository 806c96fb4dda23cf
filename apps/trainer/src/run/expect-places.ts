/**
 * A trainer writes inside its run's folder and nowhere else: what it appends to or fills may not be a link, and is a folder where a
 * folder belongs.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { taskFolders } from '../tasks/table.ts';
import { runPaths } from './run-paths.ts';

/** What is replaced by a rename needs no look: the link itself goes, not what it leads to. */
export async function expectPlaces(directory: string): Promise<void> {
  const { metrics, checkpoints, filters, model } = runPaths(directory);
  const folders = [checkpoints, filters, ...taskFolders.map((name) => join(directory, name)), model];
  const refuse = (path: string, problem: string): GmlpError =>
    new GmlpError('invalid-argument', `train: ${path} ${problem}`, { path });
  for (const path of [metrics, ...folders]) {
    const stats = await lstat(path).catch(() => undefined); // absent, or the one that writes it will say what is wrong
    if (stats === undefined) continue;
    if (stats.isSymbolicLink()) {
      const advice = 'put a folder or file in its place. The whole folder of a run may be a link';
      throw refuse(path, `is a link, and what it leads to would be written over; ${advice}`);
    }
    if (folders.includes(path) && !stats.isDirectory()) {
      throw refuse(path, 'is no folder, and this run keeps a folder of that name; move it away');
    }
    if (path === metrics && !stats.isFile())
      throw refuse(path, 'is no file, and this run keeps a file of that name; move it away');
  }
}
