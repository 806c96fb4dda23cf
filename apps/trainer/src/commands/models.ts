import { createModel, familyOf, findVariant, type PaperFigures, type Variant, variants } from '@gmlp/models';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import { type ModelCost, modelCost } from '../model-cost.ts';

interface Row extends ModelCost {
  readonly name: string;
  readonly input: string;
  readonly paper: PaperFigures | undefined;
}

/** `gmlp models`: the named models, what they count and cost; with a name, that one in detail. */
export function addModels(program: Command, io: Io): void {
  program
    .command('models')
    .description('list the named models with their parameters and multiply-adds, or show one in detail')
    .argument('[name]', 'a name of the list')
    .option('--json', 'print JSON')
    .action((name: string | undefined, { json = false }: { json?: boolean }) => {
      if (name === undefined) printAll(io, variants.map(rowOf), json);
      else printOne(io, rowOf(findVariant(name)), json);
    });
}

/** Computed from the config of this variant alone. */
const rowOf = ({ name, config, paper }: Variant): Row => ({ name, ...modelCost(config), input: inputOf(name), paper });

const legend =
  'params: of language models the embedding, blocks and final norm, of image models all; ' +
  'macs: multiply-adds of the same for one sequence or image; paper: what it prints, * where that is recalled\n';

function printAll(io: Io, models: readonly Row[], json: boolean): void {
  if (json) {
    const rows = models.map(({ name, family, params, macs }) => ({ name, family, params, macs }));
    io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const rows = models.map(({ name, family, params, macs, input, paper }) => [name, family, params, macs, input, printed(paper)]);
  io.stdout.write(`${formatTable(['name', 'family', 'params', 'macs', 'input', 'paper'], rows)}\n`);
  io.stderr.write(legend);
}

function printOne(io: Io, { paper, ...row }: Row, json: boolean): void {
  if (json) {
    io.stdout.write(`${JSON.stringify({ ...row, paper: paper ?? null }, null, 2)}\n`);
    return;
  }
  const lines = Object.entries({ ...row, paper: printed(paper) || 'prints nothing of it' });
  io.stdout.write(lines.map(([name, value]) => `${name.padEnd(8)}${value}\n`).join(''));
  io.stderr.write(legend);
}

/** What a model takes, a sample of it: `ids 512`, `image 224x224x3`. */
function inputOf(name: string): string {
  const { config } = createModel(name);
  return Object.entries(familyOf(config).inputs(config))
    .map(([input, { shape }]) => `${input} ${shape.slice(1).join('x')}`)
    .join(', ');
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
