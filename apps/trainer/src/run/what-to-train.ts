/** What a command line means: a recipe to begin, or the folder of a run to go on with, which may be named in either place. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applySettings } from '../recipes/apply-settings.ts';
import { loadRecipe } from '../recipes/load-recipe.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { recipeFor } from '../recipes/recipe-for.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { readRunFile } from './run-file.ts';
import { readRunState } from './run-state.ts';

export interface AskedTraining {
  readonly variant?: string | undefined;
  /** A saved model whose weights are begun with. */
  readonly from?: string | undefined;
  readonly data?: string | undefined;
  readonly set?: readonly string[];
  readonly onBad?: OnBad;
  readonly out?: string;
  readonly resume?: boolean;
  readonly acceptChanges?: boolean;
}

export interface WhatToTrain {
  /** The folder of the run. */
  readonly out: string;
  readonly resume: boolean;
  /** What to begin, or another recipe for the run; undefined: the run's own. */
  readonly recipe?: Recipe;
  /** The step that a run to go on with has ended at. */
  readonly finished?: number;
}

const isRun = (path: string): boolean => existsSync(join(path, 'run.json'));

/** `misused` says what is wrong with the command line, and does not return. */
export async function whatToTrain(
  name: string | undefined,
  { variant, from, data, set: given = [], onBad, out, resume = false, acceptChanges = false }: AskedTraining,
  misused: (problem: string) => never,
): Promise<WhatToTrain> {
  if (out === '' || name === '') return misused(`the ${out === '' ? 'folder after --out' : 'name of the recipe'} is empty`);
  const set = onBad === undefined ? given : [...given, `data.onBad=${onBad}`];
  const made = variant !== undefined ? '--variant' : from !== undefined ? '--from' : undefined;
  if (variant !== undefined && from !== undefined) return misused('--from says what the model is: leave --variant out');
  if (made === undefined && data !== undefined)
    return misused(`--data goes with --variant or --from; of a recipe it is --set data.source=text --set data.path=${data}`);
  if (made !== undefined && name !== undefined) return misused(`${made} stands in the place of a recipe: leave ${name} out`);
  if (from !== undefined && data === undefined) return misused('--from needs images of yours to train on: name them with --data');
  const named = name !== undefined && isRun(name);
  if (named && out !== undefined && resolve(out) !== resolve(name))
    return misused(`${name} is a run, which stays in its folder: leave --out out`);
  const run = named ? name : name === undefined && made === undefined && resume ? out : undefined;
  if (run !== undefined) return goOn(run, set);
  if (name === undefined && made === undefined)
    return misused('expected a recipe (gmlp recipes lists them), --variant, --from, or the folder of a run to go on with');
  if (acceptChanges && !resume) return misused('--accept-changes goes with a run: name its folder, or give --resume');
  const begun = await begunRecipe({ name, variant, from, data });
  const recipe = applySettings(begun, set);
  return { out: out ?? `runs/${recipe.name}`, resume, recipe };
}

interface Begun extends Pick<AskedTraining, 'variant' | 'from' | 'data'> {
  readonly name: string | undefined;
}

/** What is named, or made for a variant, or for weights that are there. */
async function begunRecipe({ name, variant, from, data }: Begun): Promise<Recipe> {
  if (from !== undefined) return (await import('../recipes/recipe-from-weights.ts')).recipeFromWeights({ path: data!, from });
  if (variant !== undefined) return recipeFor({ path: data, variant, name: variant.replaceAll('_', '-') });
  return loadRecipe(name!);
}

async function goOn(run: string, set: readonly string[]): Promise<WhatToTrain> {
  const file = await readRunFile(run);
  const state = file && (await readRunState(run));
  return {
    out: run,
    resume: true,
    ...(file !== undefined && set.length > 0 && { recipe: applySettings(file.recipe, set) }),
    ...(state?.state === 'finished' && { finished: state.step }),
  };
}
