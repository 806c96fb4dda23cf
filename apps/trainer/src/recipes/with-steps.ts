import type { Recipe } from './recipe.ts';

/** A run made shorter has no more evaluations than this: a recipe of a million steps has hundreds. */
export const mostEvaluations = 20;

/**
 * A recipe of another length: warm-up and evaluations keep their parts of it, but for no more evaluations than `most`. Checkpoints stay as many steps apart, as they are for what is
 * lost when a run is killed.
 */
export function withSteps<R extends Recipe>(recipe: R, steps: number, most?: number): R {
  const part = (of: number): number => Math.ceil((of * steps) / recipe.steps);
  const { optimiser, evaluation, checkpoints } = recipe;
  const fewest = Math.ceil(steps / (most ?? (steps < recipe.steps ? mostEvaluations : steps)));
  return {
    ...recipe,
    steps,
    optimiser: { ...optimiser, warmupSteps: part(optimiser.warmupSteps) },
    evaluation: { ...evaluation, every: Math.max(part(evaluation.every), fewest) },
    checkpoints: { ...checkpoints, every: Math.min(checkpoints.every, steps) },
  };
}
