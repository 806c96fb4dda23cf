/** The folder in which sides find their task: `task.json` and, as bytes, `values.f32`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawTask, type LoadedTask, loadTask, type Sizes, type Task } from './task.ts';

export const taskFile = 'task.json';
export const valuesFile = 'values.f32';

/** Writes the task to a new temporary folder; the caller removes it with `removeTask`. */
export async function writeTask(sizes: Sizes, seed: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-bench-'));
  const { task, values } = drawTask(sizes, seed);
  await writeFile(join(folder, taskFile), JSON.stringify(task));
  await writeFile(join(folder, valuesFile), Buffer.concat(values.map((array) => Buffer.from(array.buffer))));
  return folder;
}

export async function removeTask(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

export async function readTask(folder: string): Promise<LoadedTask> {
  const task = JSON.parse(await readFile(join(folder, taskFile), 'utf8')) as Task;
  const bytes = await readFile(join(folder, valuesFile));
  return loadTask(task, new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
}
