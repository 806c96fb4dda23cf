/** The recipes that come with gmlp, by name. */
import { cifarRecipes } from './cifar-recipes.ts';
import { imagenetRecipes } from './imagenet-recipes.ts';
import { miniRecipes } from './mini-recipes.ts';
import { paperRecipes } from './paper-recipes.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { restore } from './restore.ts';
import { sotu } from './sotu.ts';
import { textRecipes } from './text-recipes.ts';

export const builtInRecipes: ReadonlyMap<string, Recipe> = new Map(
  [sotu, restore, ...miniRecipes, ...textRecipes, ...cifarRecipes, ...paperRecipes, ...imagenetRecipes].map((recipe) => [
    recipe.name,
    parseRecipe(recipe, recipe.name),
  ]),
);
