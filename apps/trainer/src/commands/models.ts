import { createModel, familyOf, type PaperFigures, variants } from '@gmlp/models';
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
      const models = variants.map(({ name, config, paper }) => ({ name, ...modelCost(config), input: inputOf(name), paper }));
      if (json) {
        const rows = models.map(({ name, family, params, macs }) => ({ name, family, params, macs }));
        io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      const rows = models.map(({ name, family, params, macs, input, paper }) => [
        name,
        family,
        params,
        macs,
        input,
        printed(paper),
      ]);
      io.stdout.write(`${formatTable(['name', 'family', 'params', 'macs', 'input', 'paper'], rows)}\n`);
      io.stderr.write(
        'params: of language models the embedding, blocks and final norm, of image models all; ' +
          'macs: multiply-adds of the same for one sequence or image; paper: what it prints, * where that is recalled\n',
      );
    });
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
