/** A run's folder before a trainer works in it: a new one is empty, an old one is gone on with only when that was asked for. */
import { readdir } from 'node:fs/promises';
import { GmlpError, plainMessage } from '@gmlp/base';
import { listCheckpoints, makeFolder } from '@gmlp/checkpoint/node';
import { settingsOf } from '../named-leaves.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { expectPlaces } from './expect-places.ts';
import { holdsFinalModel } from './final-model.ts';
import { forgetRun } from './forget-run.ts';
import { nearestRun } from './nearest-run.ts';
import { isOfRun } from './run-entries.ts';
import { type RunFile, readRunFile } from './run-file.ts';
import { type LockOptions, lockRun, type RunLock } from './run-lock.ts';
import { resumeCommand, runPaths } from './run-paths.ts';
import { readRunState } from './run-state.ts';
import { shellWord } from './shell-word.ts';
import { isTemporary } from './sweep-run.ts';

export interface OpenedRun {
  readonly lock: RunLock;
  /** What the folder holds, for a run that is gone on with. */
  readonly file?: RunFile;
  /** The outermost of the folders that had to be made. */
  readonly made?: string;
}

export interface OpenRunOptions {
  /** What to begin, or to go on with. */
  readonly recipe?: Recipe | undefined;
  readonly resume: boolean;
  /** Whether a run may be gone on with by another recipe than its own. */
  readonly acceptChanges: boolean;
}

/**
 * Checks and locks a folder. With `resume` it must hold a run, of this recipe if one is given, but for its number of steps; without,
 * nothing, or a run that saved no step, which is forgotten.
 */
export async function openRun(
  directory: string,
  { recipe, resume, acceptChanges }: OpenRunOptions,
  options: LockOptions,
): Promise<OpenedRun> {
  const check = async (): Promise<RunFile | undefined> => {
    if (!resume) return expectNew(directory);
    const file = await readRunFile(directory);
    if (file === undefined) {
      const advice = recipe
        ? 'leave --resume out to begin one'
        : 'give the --out of a run, or a recipe without --resume to begin one';
      const meant = await nearestRun(directory);
      const problem = `openRun: there is no run in ${directory} to go on with (no run.json)${meant || `; ${advice}`}`;
      throw new GmlpError('not-found', problem, { directory });
    }
    await expectPlaces(directory);
    if (recipe !== undefined && !acceptChanges) expectSame(directory, file.recipe, recipe);
    return file;
  };
  await check(); // before anything is created
  const made = await makeFolder(directory).catch((cause: unknown) => {
    const problem = `openRun: ${plainMessage(cause)}; choose another --out`;
    throw new GmlpError('io', problem, { directory }, { cause });
  });
  const lock = await lockRun(directory, { ...options, otherwise: 'choose another --out' });
  try {
    const file = await check(); // another trainer may have come and gone in between
    if (!resume) await forgetRun(directory);
    return { lock, ...(file !== undefined && { file }), ...(made !== undefined && { made }) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function expectNew(directory: string): Promise<undefined> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return [];
    const problem = cause.code === 'ENOTDIR' ? ' is a file or lies below one, where a run needs a folder' : `: ${cause.message}`;
    throw new GmlpError('io', `openRun: ${directory}${problem}; choose another --out`, { directory }, { cause });
  });
  // A run that saved no step, whether its process was killed or its text was wrong, has nothing to lose: another may begin.
  const saved = (await readRunFile(directory)) !== undefined ? await listCheckpoints(runPaths(directory).checkpoints) : [];
  if (saved.length > 0) {
    const state = await readRunState(directory);
    const where = state === undefined ? '' : ` (${state.state} at step ${state.step} of ${state.steps})`;
    throw new GmlpError(
      'invalid-argument',
      `openRun: ${directory} holds a run already${where}; go on with it by \`${resumeCommand(directory)}\`, or choose another --out`,
      { directory },
    );
  }
  // A trainer that was killed before it had begun leaves its lock, and run.json under a temporary name.
  if (names.some((name) => !(names.includes('run.json') ? isOfRun(name) : name.startsWith('lock.json') || isTemporary(name)))) {
    throw new GmlpError(
      'invalid-argument',
      `openRun: ${directory} is not empty and holds ${names.includes('run.json') ? 'more than a run' : 'no run'}; choose another --out, or empty it`,
      { directory },
    );
  }
  if (names.includes('run.json') && (await holdsFinalModel(runPaths(directory)))) {
    throw new GmlpError(
      'invalid-argument',
      `openRun: ${directory} holds the model of a run whose checkpoints are gone; choose another --out, or remove that run with its model by \`gmlp rm ${shellWord(directory)}\``,
      { directory },
    );
  }
  return undefined;
}

function expectSame(directory: string, stored: Recipe, given: Recipe): void {
  const [before, now] = [asJson(stored), asJson(given)];
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name));
  if (names.every((name) => name === 'steps')) return; // it goes on to another end
  const changes = names.map((name) => `${name} ${before.get(name) ?? 'absent'}, now ${now.get(name) ?? 'absent'}`);
  throw new GmlpError(
    'invalid-argument',
    `openRun: the run in ${directory} has another recipe: ${changes.join('; ')}. Go on with its own by \`${resumeCommand(directory)}\`, begin another run with --out, or change it from here on with --accept-changes`,
    { directory, names },
  );
}

function asJson(recipe: Recipe): ReadonlyMap<string, string> {
  return new Map([...settingsOf(recipe)].map(([name, setting]) => [name, JSON.stringify(setting) ?? 'absent']));
}
