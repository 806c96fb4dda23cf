/** A run of a command that has one recipe: broken off it goes on, and a finished one, or one of other settings, is begun anew. */
import { GmlpError } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { DeviceThread } from '../thread/device-thread.ts';
import { settingChanges, settingsMadeOf } from './made-of.ts';
import { removeRun } from './remove-run.ts';
import { readRunFile } from './run-file.ts';
import { readRunState } from './run-state.ts';
import { runTraining } from './run-training.ts';
import type { TrainingSummary } from './training-summary.ts';

export interface FreshRunOptions {
  /** The folder of the run. */
  readonly out: string;
  readonly recipe: Recipe;
  readonly device: DeviceName | 'auto';
  readonly thread?: DeviceThread;
}

/** Never replaces a run of another recipe, and no folder that holds more than a run. */
export async function freshRun(
  { out, recipe, device, thread }: FreshRunOptions,
  io: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<TrainingSummary> {
  const options = { out, device, ...(thread && { thread }) };
  const file = await readRunFile(out);
  if (file === undefined) return runTraining({ ...options, recipe, resume: false }, io);
  if (file.recipe.name !== recipe.name) {
    throw new GmlpError(
      'invalid-argument',
      `${out} holds a run of the recipe ${file.recipe.name}; choose another --out, or go on with it by gmlp train ${out}`,
      { out },
    );
  }
  const finished = (await readRunState(out))?.state === 'finished';
  const changes = settingChanges(settingsMadeOf(file.recipe), settingsMadeOf(recipe));
  if (!finished && changes.length === 0) return runTraining({ ...options, resume: true }, io);
  io.stderr.write(
    `${printable(out)}: the run that was there ${finished ? 'is finished' : 'has other settings'}, and is begun anew\n`,
  );
  await removeRun(out);
  return runTraining({ ...options, recipe, resume: false }, io);
}
