import { Argument, type Command } from 'commander';
import { type Shell, shells } from '../completion/completion-script.ts';
import type { Io } from '../io.ts';

/** `gmlp completion`: a script that teaches a shell the commands and options of this program. */
export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print a script by which a shell completes commands, options and names of recipes and models')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: Shell) => {
      const [{ commandTable }, { completionScript }, { builtInRecipes }, { fineTuningRecipes }, { variants }] = await Promise.all(
        [
          import('../completion/command-table.ts'),
          import('../completion/completion-script.ts'),
          import('../recipes/built-in.ts'),
          import('../recipes/fine-tuning-recipes.ts'),
          import('@gmlp/models'),
        ],
      );
      const recipes = [...builtInRecipes.keys()];
      const words = {
        train: recipes,
        recipes: [...recipes, ...Object.keys(fineTuningRecipes)],
        models: variants.map(({ name }) => name),
        completion: shells,
      };
      io.stdout.write(completionScript(shell, 'gmlp', commandTable(program, words)));
    });
}
