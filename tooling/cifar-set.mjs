/**
 * The runs of `pnpm cifar --data <cifar10-train.tar>`: the gMLP whole, and of each of the five models three seeds of a short setting, in
 * which every model gets as many multiply-adds as the gMLP.
 */
import { builtInRecipes } from '../apps/trainer/src/recipes/built-in.ts';
import { cifarNames } from '../apps/trainer/src/recipes/cifar-recipes.ts';
import { settingsFingerprint } from '../apps/trainer/src/recipes/cifar-run.ts';
import { stepMultiplyAdds, stepsOfEqualCost } from '../apps/trainer/src/recipes/cifar-steps.ts';

const seeds = [0, 1, 2];

export function cifarSet({ data = 'cifar10-train.tar' }) {
  const at = ['--set', `data.path=${data}`];
  const short = cifarNames.flatMap((name) => {
    const steps = stepsOfEqualCost(builtInRecipes, name);
    const settings = [`steps=${steps}`, `optimiser.warmupSteps=${Math.round(steps / 10)}`, `evaluation.every=${steps}`];
    return seeds.map((seed) => ({
      folder: `${name}-short-${seed}`,
      args: ['train', name, ...at, ...[...settings, `seed=${seed}`].flatMap((setting) => ['--set', setting])],
    }));
  });
  return {
    runs: [{ folder: 'cifar10-gmlp', args: ['train', 'cifar10-gmlp', ...at] }, ...short],
    kept: (recipe) => ({
      recipe: recipe.name,
      settings: settingsFingerprint(recipe),
      seed: recipe.seed,
      steps: recipe.steps,
      flops: 2 * recipe.steps * stepMultiplyAdds(recipe),
    }),
    file: 'cifar-runs',
    type: 'CifarRun',
  };
}
