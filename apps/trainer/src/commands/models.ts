import type { PaperFigures } from '@gmlp/models';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import type { ModelRow } from '../model-row.ts';

/** `gmlp models`: the named models, what they count and cost; with a name, that one in detail. */
export function addModels(program: Command, io: Io): void {
  program
    .command('models')
    .description('list the named models with their parameters and multiply-adds, or show one in detail')
    .argument('[name]', 'a name of the list')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const [{ findVariant, variants }, { modelRow }] = await Promise.all([import('@gmlp/models'), import('../model-row.ts')]);
      if (name === undefined) printAll(io, variants.map(modelRow), json);
      else printOne(io, modelRow(findVariant(name)), json);
    });
}

const legend =
  'params: of language models the embedding, blocks and final norm, of image models all; ' +
  'macs: multiply-adds of the same for one sequence or image; paper: what it prints, * where that was written down from memory and not read again in the paper\n';

function printAll(io: Io, models: readonly ModelRow[], json: boolean): void {
  if (json) {
    const rows = models.map(({ name, family, params, macs }) => ({ name, family, params, macs }));
    io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const rows = models.map(({ name, family, params, macs, input, paper }) => [name, family, params, macs, input, printed(paper)]);
  io.stdout.write(`${formatTable(['name', 'family', 'params', 'macs', 'input', 'paper'], rows)}\n`);
  io.stderr.write(legend);
}

function printOne(io: Io, { paper, ...row }: ModelRow, json: boolean): void {
  if (json) {
    io.stdout.write(`${JSON.stringify({ ...row, paper: paper ?? null }, null, 2)}\n`);
    return;
  }
  const lines = Object.entries({ ...row, paper: printed(paper) || 'prints nothing of it' });
  io.stdout.write(lines.map(([name, value]) => `${name.padEnd(8)}${value}\n`).join(''));
  io.stderr.write(legend);
}

function printed(paper: PaperFigures | undefined): string {
  if (paper === undefined) return '';
  const { table, parameters, multiplyAdds, perplexity, accuracy, recalled = [] } = paper;
  const figures = [
    `${parameters} M${recalled.includes('parameters') ? '*' : ''}`,
    multiplyAdds !== undefined && `${multiplyAdds} G${recalled.includes('multiplyAdds') ? '*' : ''}`,
    perplexity !== undefined && `perplexity ${perplexity}${recalled.includes('perplexity') ? '*' : ''}`,
    accuracy !== undefined && `top-1 ${accuracy} %${recalled.includes('accuracy') ? '*' : ''}`,
  ];
  return `table ${table}: ${figures.filter(Boolean).join(', ')}`;
}
