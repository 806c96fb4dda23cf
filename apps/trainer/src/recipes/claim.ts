/** What a recipe says it gives holds for its own settings: one that was copied and changed claims nothing. */
import { settingsOf } from '../named-leaves.ts';
import { builtInRecipes } from './built-in.ts';
import type { Recipe } from './recipe.ts';

/** Settings that leave a result as it is: names, machines, and where the same text lies. */
const without: readonly string[] = ['name', 'device', 'recordEvery', 'checkpoints.every', 'checkpoints.keep'];

function deciding(recipe: Recipe): string {
  const places = 'source' in recipe.data && recipe.data.source === 'c4' ? ['data.path'] : [];
  const settings = [...settingsOf(recipe)].filter(([name]) => !without.includes(name) && !places.includes(name));
  return JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Undefined where a recipe claims nothing, or only what another one does that it was made of. */
export function claimOf(recipe: Recipe): string | undefined {
  const origin = [...builtInRecipes.values()].find(({ claim }) => claim === recipe.claim);
  if (origin !== undefined && deciding(origin) !== deciding(recipe)) return undefined;
  return recipe.claim === '' ? undefined : recipe.claim;
}
