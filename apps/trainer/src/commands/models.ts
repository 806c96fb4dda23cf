import { variants } from '@gmlp/models';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import { modelCost } from '../model-cost.ts';

/** `gmlp models`: the named models, what they count and cost. */
export function addModels(program: Command, io: Io): void {
  program
    .command('models')
    .description('list the named models with their parameters and multiply-adds')
    .option('--json', 'print JSON')
    .action(({ json = false }: { json?: boolean }) => {
      const models = variants.map(({ name, config, paper }) => ({ name, ...modelCost(config), tokens: config.tokens, paper }));
      if (json) {
        const rows = models.map(({ name, family, params, macs }) => ({ name, family, params, macs }));
        io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      const rows = models.map(({ name, family, params, macs, tokens, paper }) => [
        name,
        family,
        params,
        macs,
        tokens,
        `table ${paper.table}`,
      ]);
      io.stdout.write(`${formatTable(['name', 'family', 'params', 'macs', 'tokens', 'paper'], rows)}\n`);
      io.stderr.write('params: embedding, blocks and final norm; macs: multiply-adds of the same for one sequence\n');
    });
}
