/** The end of a run, or of its old checkpoints. Never while a trainer works on it, and never a folder that holds more than a run. */
import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { pruneCheckpoints } from '@gmlp/checkpoint/node';
import { bestPoint, pointsOf, readMetrics } from '../report/read-metrics.ts';
import { bestBy } from '../thread/training-job.ts';
import { prefixedName } from './metrics-records.ts';
import { nearestRun } from './nearest-run.ts';
import { bytesBelow, foreignEntries } from './run-entries.ts';
import { comparable, type RunFile, readRunFile } from './run-file.ts';
import { lockRun, type RunLock } from './run-lock.ts';
import { runPaths } from './run-paths.ts';

export interface Removed {
  readonly run: string;
  /** What was removed: the run's folder, or checkpoints in it. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

/** Removes the folder of a run. */
export async function removeRun(directory: string): Promise<Removed> {
  await expectRun(directory);
  await expectNoLink(directory);
  const lock = await lockToRemove(directory);
  try {
    const foreign = await foreignEntries(directory);
    if (foreign.length > 0) {
      throw new GmlpError(
        'invalid-argument',
        `removeRun: ${directory} holds what no run writes: ${foreign.slice(0, 8).join(', ')}; move it away first`,
        { directory, foreign },
      );
    }
    const bytes = await bytesBelow(directory);
    try {
      // What makes it a run goes last: cut short, the command can be given again.
      for (const name of (await readdir(directory)).filter((each) => each !== 'run.json' && each !== 'lock.json'))
        await rm(join(directory, name), { recursive: true, force: true });
      await rm(resolve(directory), { recursive: true, force: true }); // `.` itself cannot be removed under that name
    } catch (cause) {
      throw new GmlpError('io', `removeRun: ${directory}: ${(cause as Error).message}`, { directory }, { cause });
    }
    return { run: directory, paths: [directory], bytes };
  } finally {
    await lock.release();
  }
}

/** Removes a run's checkpoints but the newest and the one of the best evaluation. */
export async function pruneRun(directory: string, keep: number): Promise<Removed> {
  const file = await expectRun(directory);
  const lock = await lockToRemove(directory);
  try {
    const { checkpoints, metrics } = runPaths(directory);
    const { figure, better } = bestBy(file.recipe);
    const points = pointsOf(await readMetrics(metrics), prefixedName('val', figure));
    const best = bestPoint(comparable(file, points), better);
    const before = await bytesBelow(checkpoints);
    const paths = await pruneCheckpoints(checkpoints, { keep, ...(best && { best: best[0] }) });
    return { run: directory, paths, bytes: before - (await bytesBelow(checkpoints)) };
  } finally {
    await lock.release();
  }
}

/** What cannot be written cannot be removed either. */
async function lockToRemove(directory: string): Promise<RunLock> {
  return lockRun(directory).catch((error: unknown) => {
    if (!GmlpError.isInstance(error) || error.code !== 'io') throw error;
    const advice = 'nothing was removed, as that takes the right to write in the folder of the run';
    throw new GmlpError('io', `${error.message}; ${advice}`, error.fields, { cause: error });
  });
}

/** The link would go and leave the run behind, or the run and leave a link to nothing. */
async function expectNoLink(directory: string): Promise<void> {
  const path = resolve(directory); // without the slash that would lead to what the link names
  if (!(await lstat(path)).isSymbolicLink()) return;
  const target = await realpath(path);
  throw new GmlpError(
    'invalid-argument',
    `removeRun: ${directory} is a link; the run is in ${target}: remove that, then the link`,
    { directory, target },
  );
}

async function expectRun(directory: string): Promise<RunFile> {
  const file = await readRunFile(directory);
  if (file !== undefined) return file;
  const problem = `removeRun: there is no run in ${directory} (no ${join(directory, 'run.json')})`;
  throw new GmlpError('not-found', `${problem}${await nearestRun(directory)}`, { directory });
}
