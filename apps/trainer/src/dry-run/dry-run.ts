/** `gmlp train --dry-run`: what a run would take, before anything is made. Opens the device to measure it; writes nothing. */
import { GmlpError } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import { createModel, familyOf } from '@gmlp/models';
import type { Io } from '../io.ts';
import { modelOptions } from '../recipes/recipe-model.ts';
import { nearestRun } from '../run/nearest-run.ts';
import { readRunFile } from '../run/run-file.ts';
import { readRunState } from '../run/run-state.ts';
import type { WhatToTrain } from '../run/what-to-train.ts';
import { stepCost } from '../step-cost.ts';
import { taskOf } from '../tasks/table.ts';
import type { Task } from '../tasks/task.ts';
import { machineRates } from './machine-rates.ts';
import { type RunEstimate, runEstimate } from './run-estimate.ts';

export interface DryRun extends RunEstimate {
  /** The folder of the run, which is not made. */
  readonly run: string;
  readonly recipe: string;
  readonly device: DeviceName;
  /** What is counted. */
  readonly unit: Task['unit'];
}

/** Rows of the measured product: more than a step has take no longer each. */
const mostRows = 256;

export async function dryRun(
  { out, recipe: given, resume }: WhatToTrain,
  { device: chosen }: { readonly device?: DeviceName | 'auto' | undefined },
  { now }: Pick<Io, 'now'>,
): Promise<DryRun> {
  const file = resume ? await readRunFile(out) : undefined;
  const recipe = given ?? file?.recipe ?? (await noRun(out));
  const done = resume ? (await readRunState(out))?.step : undefined;
  const task = taskOf(recipe.task);
  const { config } = createModel(modelOptions(recipe.model, task.config(recipe.data)));
  const cost = stepCost(recipe, config);
  const size = await task.size(recipe.data, config).catch((error: unknown) => {
    // A run that saved a step has all that it needs in its folder, whatever became of where that came from.
    if (done !== undefined && done > 0 && GmlpError.isInstance(error) && error.code === 'not-found') return undefined;
    throw error;
  });
  const device = await openDevice(chosen ?? file?.device ?? recipe.device);
  try {
    const { tokens, channels, hiddenChannels } = familyOf(config).facts(config);
    const rows = Math.min(recipe.batchSize * tokens, mostRows);
    const rates = await machineRates(device, { rows, channels, hiddenChannels }, now);
    const estimate = runEstimate({
      recipe,
      unitsPerSample: task.unit === 'tokens' ? tokens : 1,
      cost,
      rates,
      ...(size && { size }),
      ...(done !== undefined && { done }),
    });
    return { run: out, recipe: recipe.name, device: device.name, unit: task.unit, ...estimate };
  } finally {
    await device.dispose();
  }
}

async function noRun(out: string): Promise<never> {
  const problem = `train: there is no run in ${out} (no run.json) to go on with`;
  throw new GmlpError('not-found', `${problem}${(await nearestRun(out)) || '; name a recipe'}`, { out });
}
