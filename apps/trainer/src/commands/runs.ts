import { figuresToJson } from '@gmlp/base';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';

/** `gmlp runs`: the runs below a folder and how they stand. */
export function addRuns(program: Command, io: Io): void {
  program
    .command('runs')
    .description('list runs with their state, step, loss and validation perplexity')
    .argument('[folder]', 'where the runs are', 'runs')
    .option('--json', 'print JSON')
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      const { listRuns } = await import('../run/list-runs.ts');
      const { runs, refused } = await listRuns(folder);
      for (const reason of refused) io.stderr.write(`passed over: ${printable(reason)}\n`);
      if (json) {
        io.stdout.write(`${figuresToJson(runs, 2)}\n`);
        return;
      }
      if (runs.length === 0) {
        io.stderr.write(`no runs in ${folder}; gmlp train begins one\n`);
        return;
      }
      const figure = (value: number | null, digits: number): string => (value === null ? '' : value.toFixed(digits));
      const rows = runs.map(({ name, recipe, state, step, steps, loss, valPerplexity, started }) => [
        printable(name),
        printable(recipe),
        state,
        `${step} of ${steps}`,
        figure(loss, 3),
        figure(valPerplexity, 1),
        started.slice(0, 16).replace('T', ' '),
      ]);
      io.stdout.write(`${formatTable(['run', 'recipe', 'state', 'step', 'loss', 'val perplexity', 'begun (UTC)'], rows)}\n`);
    });
}
