/** The runs of a fine-tuning: one, or one for each seed, or of a grid one for each setting and seed. */
import { join } from 'node:path';
import { applySettings } from '../recipes/apply-settings.ts';
import type { FineTuningRecipe } from '../recipes/fine-tuning-recipes.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { rateFor } from './rate-for.ts';
import { settingsFor } from './recipe-for-fine-tuning.ts';

export interface PlannedRun {
  /** The folder of the run. */
  readonly out: string;
  /** What sets it apart from those of other settings; empty where there is one setting. */
  readonly setting: string;
  readonly recipe: Recipe;
}

export interface PlanOptions {
  readonly out: string;
  /** Runs from the recipe's seed on, one a seed. */
  readonly seeds: number;
  /** Over the batches and rates that the paper tried; none for one run by itself. */
  readonly grid: FineTuningRecipe | undefined;
  /** Settings of the command line: they hold for all runs. */
  readonly set: readonly string[];
}

export function plannedRuns(recipe: Recipe, { out, seeds, grid, set }: PlanOptions): readonly PlannedRun[] {
  const settings = grid ? ofGrid(recipe, grid) : [{ setting: '', recipe }];
  const runs = settings.flatMap(({ setting, recipe: each }) => {
    const whole = applySettings(each, set);
    return Array.from({ length: seeds }, (_, at) => {
      const seed = whole.seed + at;
      const folder = [setting, ...(seeds > 1 ? [`seed-${seed}`] : [])].filter((part) => part !== '').join('-');
      return { out: folder === '' ? out : join(out, folder), setting, recipe: { ...whole, seed } };
    });
  });
  return runs;
}

function ofGrid(recipe: Recipe, by: FineTuningRecipe): readonly Omit<PlannedRun, 'out'>[] {
  const { body } = recipe.model as { readonly body: { readonly tokens: number; readonly channels: number } };
  const { steps, batchSize, accumulate } = recipe;
  // As many as make the steps that one setting has.
  const texts = 'steps' in by.length ? Number.POSITIVE_INFINITY : Math.round((steps * batchSize * accumulate) / by.length.epochs);
  return by.grid.batches.flatMap((batch) =>
    by.grid.rates.map((each) => {
      const rate = rateFor(body.channels, each);
      const settings = settingsFor({ by, texts, tokens: body.tokens, batch, rate });
      return { setting: `batch-${batch}-rate-${rate}`, recipe: parseRecipe({ ...recipe, ...settings }, recipe.name) };
    }),
  );
}
