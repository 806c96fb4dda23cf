/** What the thread of a device trains: a recipe, and where it takes batches from. */
import type { HostArray } from '@gmlp/base';
import type { ModelConfig } from '@gmlp/models';
import type { BestBy, HostBatch, RunCheckpoint, TrainingPlan, TrainingRunOptions } from '@gmlp/training';
import type { Recipe } from '../recipes/recipe.ts';
import { taskOf } from '../tasks/table.ts';

export interface TrainingJob {
  readonly recipe: Recipe;
  readonly config: ModelConfig;
  /** What belongs to the model besides config and weights, by file name. */
  readonly modelFiles: ReadonlyMap<string, string>;
  /** Where to go on. */
  readonly from?: RunCheckpoint;
  /** The weights to begin with, by name; without them and where nothing is gone on from they are drawn. */
  readonly parameters?: ReadonlyMap<string, HostArray>;
}

export interface TrainingSurroundings
  extends Pick<TrainingRunOptions<unknown, unknown, unknown>, 'signal' | 'onEvaluationBatch'> {
  readonly onStep?: (step: number) => void;
  readonly training: (first: number) => AsyncIterable<HostBatch>;
  readonly validation: () => AsyncIterable<HostBatch>;
}

/** The figure that decides which parameters are the best, and when a run stops early: the task's first. */
export function bestBy({ task }: Pick<Recipe, 'task'>): BestBy {
  const [{ name: figure, better }] = taskOf(task).figures;
  return { figure, better };
}

export function planOf(recipe: Recipe): TrainingPlan {
  const { seed, steps, accumulate, recordEvery, optimiser, evaluation, checkpoints } = recipe;
  return { seed, steps, accumulate, recordEvery, optimiser, evaluation: { ...evaluation, best: bestBy(recipe) }, checkpoints };
}
