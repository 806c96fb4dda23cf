import type { Command } from 'commander';
import { asStarted } from '../as-started.ts';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import type { FineTuningRecipe } from '../recipes/fine-tuning-recipes.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { shellWord } from '../run/shell-word.ts';
import { fineTuned } from './finetune.ts';
import { writeNewFile } from './write-new-file.ts';

interface Flags {
  readonly set: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** `gmlp recipes`: what can be trained by name; with a name or file, that recipe whole, to be saved and edited. */
export function addRecipes(program: Command, io: Io): void {
  program
    .command('recipes')
    .description('list the built-in recipes with their claims, or print one as JSON, to be saved and edited')
    .argument('[recipe]', 'a name of the list, a JSON file, or an ES module that exports recipe')
    .option('--set <path=value>', 'change a setting of the recipe that is printed (repeatable)', collect, [])
    .option('--out <file>', 'write the recipe to a file, which must not be there yet')
    .option('--json', 'print the list as JSON')
    .action(async (name: string | undefined, { set, out, json = false }: Flags, command: Command) => {
      const { fineTuningRecipes } = await import('../recipes/fine-tuning-recipes.ts');
      const tuning: readonly FineTuningRecipe[] = Object.values(fineTuningRecipes).filter((each) => isFineTuned(each.name));
      const tuned = tuning.find((each) => each.name === name);
      if (tuned !== undefined) {
        if (out !== undefined || set.length > 0)
          command.error(`error: ${tuned.name} is what gmlp finetune does with a model: --set and --out are for that command`);
        io.stdout.write(`${JSON.stringify(tuned, null, 2)}\n`);
        return;
      }
      if (name !== undefined) {
        const [{ applySettings }, { loadRecipe }, { recipeText }] = await Promise.all([
          import('../recipes/apply-settings.ts'),
          import('../recipes/load-recipe.ts'),
          import('../recipes/recipe-module.ts'),
        ]);
        const recipe = applySettings(await loadRecipe(name), set);
        if (out === undefined) {
          io.stdout.write(`${JSON.stringify(recipe, null, 2)}\n`);
          return;
        }
        const command = `gmlp train ${shellWord(out)}`;
        await writeNewFile(out, recipeText(recipe, out, command), io);
        io.stderr.write(`wrote ${printable(out)}; ${printable(command)} trains it\n`);
        return;
      }
      if (out !== undefined) command.error('error: --out takes the recipe that is named: gmlp recipes <recipe> --out ...');
      if (set.length > 0) command.error('error: --set changes the recipe that is named: gmlp recipes <recipe> --set ...');
      const { builtInRecipes } = await import('../recipes/built-in.ts');
      const recipes = [...builtInRecipes.values()];
      if (json) {
        const rows = [...recipes, ...tuning].map(({ name, claim, command, paper = null }) => ({ name, claim, command, paper }));
        io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      io.stdout.write(
        asStarted(`${[...recipes.map(describe), ...tuning.map(describeTuning)].join('\n\n')}\n`, command.parent!, io.env),
      );
      if (recipes.some(({ paper }) => paper?.recalled)) io.stderr.write(recalledLegend);
      io.stderr.write(
        'gmlp recipes <name> --out mine.json saves one to edit; gmlp train mine.json trains it; those of gmlp finetune make a recipe for a model\n',
      );
    });
}

const recalledLegend =
  '(recalled): a figure written down from memory, which nobody has read again in the paper; look it up before you cite it\n';

const collect = (setting: string, settings: readonly string[]): readonly string[] => [...settings, setting];

const isFineTuned = (name: string): boolean => fineTuned.some((each) => each === name);

function describeTuning({ name, claim, command, paper, batch, rate, length, grid }: FineTuningRecipe): string {
  const long = 'epochs' in length ? `${length.epochs} epochs` : `${length.steps} steps`;
  const tried = `${grid.batches.join(', ')} and ${grid.rates.map((each) => each.toExponential()).join(', ')}`;
  const settings = `batches of ${batch}, rate ${rate.toExponential()}, ${long}; --grid: ${tried}`;
  return [name, claim, command, settings, `paper: table ${paper.table}, ${paper.row}`].join('\n  ');
}

function describe({ name, claim, command, paper }: Recipe): string {
  const lines = [claim, command];
  if (paper) {
    const { table, row, perplexity, accuracy, recalled } = paper;
    const figure = perplexity === undefined ? `top-1 accuracy ${accuracy} %` : `perplexity ${perplexity}`;
    lines.push(`paper: ${figure}${recalled ? ' (recalled)' : ''}, table ${table}, ${row}`);
  }
  return [name, ...lines.map((line) => `  ${line}`)].join('\n');
}
