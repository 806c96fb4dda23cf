import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { folderNameFor } from '../recipes/folder-name.ts';
import { shellWord } from '../run/shell-word.ts';
import { writeNewFile } from './write-new-file.ts';

interface Flags {
  readonly variant?: string;
  readonly out?: string;
}

/** `gmlp init`: a recipe for a text or images, with comments on what to change. */
export function addInit(program: Command, io: Io): void {
  program
    .command('init')
    .description(
      'write a recipe for a text or images of yours, with settings that suit their size and comments on what to change',
    )
    .argument(
      '<data>',
      'a text (.txt, .md) or a folder of them, a shard of C4 (.json.gz) or a folder of shards; images in a folder with a folder for each class, or a tar of one',
    )
    .option('--variant <name>', 'train this variant (gmlp models lists them) instead of a small gMLP')
    .option('--out <file>', 'where the recipe goes, which must not be there yet (default: the name of the data and .mjs)')
    .action(async (data: string, { variant, out }: Flags) => {
      const [{ recipeFor }, { recipeText }] = await Promise.all([
        import('../recipes/recipe-for.ts'),
        import('../recipes/recipe-module.ts'),
      ]);
      const name = folderNameFor(data);
      const path = out ?? `${name}.mjs`;
      const recipe = await recipeFor({ path: data, variant, name });
      const command = `gmlp train ${shellWord(path)}`;
      await writeNewFile(path, recipeText(recipe, path, command), io);
      io.stderr.write(`wrote ${printable(path)}: look into it, then ${printable(command)} trains it\n`);
    });
}
