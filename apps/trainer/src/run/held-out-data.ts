/** The held-out data of a run, as its folder has it: nothing is made. */
import { join } from 'node:path';
import type { ModelConfig } from '@gmlp/models';
import type { ProgressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { taskOf } from '../tasks/table.ts';
import type { MeasuredData } from '../tasks/task.ts';

export interface HeldOutOptions extends Pick<Io, 'now' | 'signal'> {
  readonly progress: ProgressLine;
}

export async function heldOutData(
  run: string,
  { task: name, data, seed, batchSize }: Recipe,
  config: ModelConfig,
  { progress, now, signal }: HeldOutOptions,
): Promise<MeasuredData> {
  const task = taskOf(name);
  const folder = join(run, task.folder);
  const prepared = await task.prepare(
    { data, config, seed, batchSize },
    { ...{ folder, progress, now }, goesOn: true, onlyOpen: true, stopIfAborted: () => signal.throwIfAborted() },
  );
  const { validationBatches: count, following, close } = prepared;
  return { batches: prepared.validation(), count, ...(following && { following }), close };
}
