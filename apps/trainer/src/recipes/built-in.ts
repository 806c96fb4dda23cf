/** The recipes that come with gmlp, by name. */
import { miniRecipes } from './mini-recipes.ts';
import { paperRecipes } from './paper-recipes.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { restore } from './restore.ts';
import { sotu } from './sotu.ts';

export const builtInRecipes: ReadonlyMap<string, Recipe> = new Map(
  [sotu, restore, ...miniRecipes, ...paperRecipes].map((recipe) => [recipe.name, parseRecipe(recipe, recipe.name)]),
);
