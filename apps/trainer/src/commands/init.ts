import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { isFolderName } from '../recipes/folder-name.ts';
import { shellWord } from '../run/shell-word.ts';
import { writeNewFile } from './write-new-file.ts';

interface Flags {
  readonly variant?: string;
  readonly out?: string;
}

/** `gmlp init`: a recipe for a text, with comments on what to change. */
export function addInit(program: Command, io: Io): void {
  program
    .command('init')
    .description('write a recipe for a text of yours, with settings that suit its size and comments on what to change')
    .argument('<text>', 'a text (.txt, .md) or a folder of them, a shard of C4 (.json.gz) or a folder of shards')
    .option('--variant <name>', 'train this variant (gmlp models lists them) instead of a small gMLP')
    .option('--out <file>', 'where the recipe goes, which must not be there yet (default: the name of the text and .mjs)')
    .action(async (text: string, { variant, out }: Flags) => {
      const [{ recipeForText }, { recipeModule }] = await Promise.all([
        import('../recipes/recipe-for-text.ts'),
        import('../recipes/recipe-module.ts'),
      ]);
      const name = nameOf(text);
      const path = out ?? `${name}.mjs`;
      const recipe = await recipeForText({ path: text, variant, name });
      const command = `gmlp train ${shellWord(path)}`;
      await writeNewFile(path, recipeModule(recipe, command), io);
      io.stderr.write(`wrote ${printable(path)}: look into it, then ${printable(command)} trains it\n`);
    });
}

/** Of a text, as a recipe may be called. */
export function nameOf(text: string): string {
  const stem = basename(text).slice(0, -extname(text).length || undefined);
  const letters = stem.replaceAll(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const name = letters.slice(0, 60).replace(/\.+$/, '');
  if (name === '') return 'mine';
  return isFolderName(name) ? name : `my-${name}`;
}
