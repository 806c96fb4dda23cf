/** What the thread of a device trains: a recipe, and where it takes batches from. */
import type { ModelConfig } from '@gmlp/models';
import type { BestBy, HostBatch, RunCheckpoint, TrainingPlan, TrainingRunOptions } from '@gmlp/training';
import type { Recipe } from '../recipes/recipe.ts';

export interface TrainingJob {
  readonly recipe: Recipe;
  readonly config: ModelConfig;
  /** Where to go on. */
  readonly from?: RunCheckpoint;
}

export interface TrainingSurroundings
  extends Pick<TrainingRunOptions<unknown, unknown, unknown>, 'signal' | 'onStep' | 'onEvaluationBatch'> {
  readonly training: (first: number) => AsyncIterable<HostBatch>;
  readonly validation: () => AsyncIterable<HostBatch>;
}

/** The figure that decides which parameters are the best, and when a run stops early. */
export const best: BestBy = { figure: 'loss', better: 'lower' };

export function planOf({ seed, steps, accumulate, recordEvery, optimiser, evaluation, checkpoints }: Recipe): TrainingPlan {
  return { seed, steps, accumulate, recordEvery, optimiser, evaluation, checkpoints, best };
}
