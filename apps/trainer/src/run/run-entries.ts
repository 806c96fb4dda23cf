/** What a run writes into its folder, and what else lies there. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { taskFolders } from '../tasks/table.ts';

const files = [
  'run.json',
  'state.json',
  'metrics.jsonl',
  'report.json',
  'report.html',
  'inspect.html',
  'model.onnx',
  'model.onnx.data',
];
const folders: readonly string[] = ['checkpoints', 'filters', 'model', ...taskFolders];

/** By its name. Files under temporary names were left by a process that was killed. */
export const isOfRun = (name: string): boolean =>
  files.includes(name) || folders.includes(name) || /^(lock\.json|events\.out\.tfevents\.|\..+\.tmp$)/.test(name);

/** The names in a run's folder that a run never writes. */
export async function foreignEntries(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => !isOfRun(name));
}

/** The bytes of all files below a path. */
export async function bytesBelow(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size;
    let sum = 0;
    for (const name of await readdir(path)) sum += await bytesBelow(join(path, name));
    return sum;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0; // gone while we looked, or a link to nothing
    throw new GmlpError('io', `bytesBelow: ${path}: ${(cause as Error).message}`, { path }, { cause });
  }
}
