/** The runs of a fine-tuning: one, or one for each seed, or of a grid one for each setting and seed. */
import { join } from 'node:path';
import { applySettings } from '../recipes/apply-settings.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { settingsFor } from './recipe-for-fine-tuning.ts';
import { rateFor, table9 } from './table-9.ts';

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
  /** Over the batches and rates of table 9. */
  readonly grid: boolean;
  /** Settings of the command line: they hold for all runs. */
  readonly set: readonly string[];
}

export function plannedRuns(recipe: Recipe, { out, seeds, grid, set }: PlanOptions): readonly PlannedRun[] {
  const settings = grid ? ofGrid(recipe) : [{ setting: '', recipe }];
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

function ofGrid(recipe: Recipe): readonly Omit<PlannedRun, 'out'>[] {
  const { body } = recipe.model as { readonly body: { readonly tokens: number; readonly channels: number } };
  const { steps, batchSize, accumulate } = recipe;
  const texts = Math.round((steps * batchSize * accumulate) / table9.epochs);
  return table9.batches.flatMap((batch) =>
    table9.rates.map((each) => {
      const rate = rateFor(body.channels, each);
      const settings = settingsFor({ texts, tokens: body.tokens, batch, rate });
      return { setting: `batch-${batch}-rate-${rate}`, recipe: parseRecipe({ ...recipe, ...settings }, recipe.name) };
    }),
  );
}
