/** How long the short runs are that compare the models for CIFAR-10: each gets as many multiply-adds as the gMLP. */
import { createModel } from '@gmlp/models';
import { stepCost } from '../step-cost.ts';
import { taskOf } from '../tasks/table.ts';
import type { CifarName } from './cifar-recipes.ts';
import type { Recipe } from './recipe.ts';
import { modelOptions } from './recipe-model.ts';

/** Of the gMLP: two epochs. */
const shortSteps = 1400;

/** Multiply-adds of a step, those of the gradients among them. */
export function stepMultiplyAdds(recipe: Recipe): number {
  const { config } = createModel(modelOptions(recipe.model, taskOf(recipe.task).config(recipe.data)));
  return recipe.accumulate * stepCost(recipe, config).multiplyAdds;
}

export function stepsOfEqualCost(recipes: ReadonlyMap<string, Recipe>, name: CifarName): number {
  const [gmlp, own] = (['cifar10-gmlp', name] as const).map((each) => stepMultiplyAdds(recipes.get(each)!)) as [number, number];
  return Math.round((shortSteps * gmlp) / own);
}
