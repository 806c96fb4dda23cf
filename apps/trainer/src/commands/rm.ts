import { formatNumber } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly checkpoints?: number;
  readonly json?: boolean;
}

/** `gmlp rm`: runs that are needed no more, or their old checkpoints. */
export function addRm(program: Command, io: Io): void {
  program
    .command('rm')
    .description('remove runs, or their checkpoints but the newest; never one on which a trainer works')
    .argument('<runs...>', 'folders of runs')
    .option(
      '--checkpoints <keep>',
      'remove checkpoints alone, but so many of the newest and the best; the model stays',
      wholeNumber(1),
    )
    .option('--json', 'print JSON')
    .action(async (runs: readonly string[], { checkpoints, json = false }: Flags) => {
      const { removeRun, pruneRun } = await import('../run/remove-run.ts');
      const removed = [];
      for (const run of runs) {
        const one = checkpoints === undefined ? await removeRun(run) : await pruneRun(run, checkpoints);
        removed.push(one);
        if (json) continue;
        const [first, ...others] = one.paths;
        const what =
          first === undefined ? `nothing of ${run}` : `${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
        io.stdout.write(printable(`removed ${what}, ${formatNumber(one.bytes / 1e6)} MB\n`));
      }
      if (json) io.stdout.write(`${JSON.stringify(removed, null, 2)}\n`);
    });
}
