import type { Recipe } from './recipe.ts';

/** A recipe of another length: warm-up, evaluations and checkpoints keep their parts of it. */
export function withSteps<R extends Recipe>(recipe: R, steps: number): R {
  const part = (of: number): number => Math.ceil((of * steps) / recipe.steps);
  const { optimiser, evaluation, checkpoints } = recipe;
  return {
    ...recipe,
    steps,
    optimiser: { ...optimiser, warmupSteps: part(optimiser.warmupSteps) },
    evaluation: { ...evaluation, every: part(evaluation.every) },
    checkpoints: { ...checkpoints, every: part(checkpoints.every) },
  };
}
