import { figuresToJson } from '@gmlp/base';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';

/** `gmlp runs`: the runs below a folder and how they stand. */
export function addRuns(program: Command, io: Io): void {
  program
    .command('runs')
    .description('list runs with their state, step, loss and figure on the held-out data')
    .argument('[folder]', 'where the runs are', 'runs')
    .option('--json', 'print JSON')
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      const [{ listRuns }, { prefixedName }] = await Promise.all([
        import('../run/list-runs.ts'),
        import('../run/metrics-records.ts'),
      ]);
      const { runs, refused } = await listRuns(folder);
      for (const reason of refused) io.stderr.write(`passed over: ${printable(reason)}\n`);
      if (json) {
        const flat = runs.map(({ validation, ...run }) => ({
          ...run,
          ...(validation && { [prefixedName('val', validation.name)]: validation.value }),
        }));
        io.stdout.write(`${figuresToJson(flat, 2)}\n`);
        return;
      }
      if (runs.length === 0) {
        io.stderr.write(`no runs in ${folder}; gmlp train begins one\n`);
        return;
      }
      const figure = (value: number | null, digits: number): string => (value === null ? '' : value.toFixed(digits));
      const rows = runs.map(({ name, recipe, state, step, steps, loss, validation, started }) => [
        name,
        recipe,
        state,
        `${step} of ${steps}`,
        figure(loss, 3),
        validation === null ? '' : `${validation.label} ${validation.shown}`,
        started.slice(0, 16).replace('T', ' '),
      ]);
      io.stdout.write(`${formatTable(['run', 'recipe', 'state', 'step', 'loss', 'held-out data', 'begun (UTC)'], rows)}\n`);
    });
}
