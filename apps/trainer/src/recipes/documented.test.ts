/** The commands that the documentation gives for training: their settings make a recipe, and what other commands read is made by one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { applySettings } from './apply-settings.ts';
import { builtInRecipes } from './built-in.ts';

const root = join(import.meta.dirname, '../../../..');
const pages = ['README.md', 'docs/start.md', ...readdirSync(join(root, 'docs/how-to')).map((name) => `docs/how-to/${name}`)];

/** The words of each `gmlp` command in a page's blocks of shell. */
function commandsOf(page: string): string[][] {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^(?:pnpm )?gmlp (.*)$/gm)].map(([, line]) =>
      [...line!.matchAll(/"([^"]*)"|'([^']*)'|(#.*)|(\S+)/g)].flatMap(([, double, single, comment, word]) =>
        comment === undefined ? [double ?? single ?? word!] : [],
      ),
    ),
  );
}

const valuesOf = (words: readonly string[], option: string): string[] =>
  words.flatMap((word, at) => (word === option ? [words[at + 1]!] : []));

const trained = (page: string): string[][] => commandsOf(page).filter(([command]) => command === 'train');

it('gives settings that make a recipe', () => {
  const commands = pages.flatMap(trained).filter(([, name]) => builtInRecipes.has(name!));
  expect(commands.length).toBeGreaterThan(5);
  for (const words of commands) {
    expect(() => applySettings(builtInRecipes.get(words[1]!)!, valuesOf(words, '--set')), words.join(' ')).not.toThrow();
  }
});

it.each(['README.md', 'docs/how-to/train-an-amlp-or-a-causal-model.md', 'docs/how-to/generate-text.md'])(
  '%s makes each run that it reads',
  (page) => {
    const made = trained(page).map((words) => valuesOf(words, '--out')[0] ?? `runs/${words[1]}`);
    const read = commandsOf(page)
      .filter(([command]) => command !== 'train')
      .flatMap((words) => words.flatMap((word) => /^runs\/[\w-]+/.exec(word)?.[0] ?? []));
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((run) => !made.includes(run) && run !== 'runs/sotu')).toEqual([]);
  },
);
