/** Whether a checkpoint can be gone on with by a recipe: known before a change is noted in run.json, which could not be trained. */
import { GmlpError, plainMessage } from '@gmlp/base';
import { expectParameters } from '@gmlp/layers';
import type { RunCheckpoint } from '@gmlp/training';
import type { Recipe } from '../recipes/recipe.ts';
import type { FoundCheckpoint } from './checkpoint-to-go-on-from.ts';
import type { RunPaths } from './run-paths.ts';

/**
 * Refuses a checkpoint of another task than the recipe's, whose losses are no losses of this one, of another optimiser, which keeps
 * other numbers of each parameter, or of another model than `spec`'s.
 */
export function expectFits(
  spec: unknown,
  { task, optimiser }: Pick<Recipe, 'task' | 'optimiser'>,
  { checkpoint: { step, model }, madeOf }: FoundCheckpoint,
  { directory }: Pick<RunPaths, 'directory'>,
): void {
  const before = madeOf?.recipe['task'];
  if (before !== undefined && before !== task) {
    throw new GmlpError(
      'invalid-argument',
      `train: the checkpoint of step ${step} in ${directory} was trained for the task ${String(before)}, and the recipe has ${task} now: their losses cannot be compared\nA run keeps its task; train another one with --out`,
      { changes: ['task'] },
    );
  }
  const optimisedBy = madeOf?.recipe['optimiser.name'];
  if (optimisedBy !== undefined && optimisedBy !== optimiser.name) {
    throw new GmlpError(
      'invalid-argument',
      `train: the checkpoint of step ${step} in ${directory} was trained by ${String(optimisedBy)}, and the recipe has ${optimiser.name} now: each keeps other numbers of a parameter\nA run keeps its optimiser; train another one with --out`,
      { changes: ['optimiser.name'] },
    );
  }
  try {
    expectParameters('the parameters differ', spec, model);
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    throw new GmlpError(
      'invalid-argument',
      `train: the checkpoint of step ${step} in ${directory} is not of the model that the recipe has now: ${plainMessage(error)}\nA run keeps its model; train another one with --out`,
      { ...error.fields, changes: ['model'] },
      { cause: error },
    );
  }
}

/** A checkpoint as a recipe goes on from it: an average that is no longer kept would grow stale. */
export function asKept(checkpoint: RunCheckpoint, { optimiser }: Pick<Recipe, 'optimiser'>): RunCheckpoint {
  if (optimiser.ema !== null) return checkpoint;
  const { ema, ...rest } = checkpoint;
  return rest;
}

/** A checkpoint whose run measures something else from here on: no evaluation before is better or worse than those to come. */
export function comparedAnew(checkpoint: RunCheckpoint): RunCheckpoint {
  return { ...checkpoint, progress: { ...checkpoint.progress, evaluations: [] } };
}
