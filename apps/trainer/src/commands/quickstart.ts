import { figuresToJson } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { quickstartDefaults } from '../quickstart/settings.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly out: string;
  readonly seed: number;
  readonly steps: number;
  readonly json?: boolean;
}

/** `gmlp quickstart`: a small gMLP, from text to report. */
export function addQuickstart(program: Command, io: Io): void {
  program
    .command('quickstart')
    .description('train a small gMLP on the State of the Union addresses and write a report')
    .option('--out <folder>', 'where the model, metrics.jsonl and report.html go', 'runs/quickstart')
    .option(
      '--seed <number>',
      'decides the held-out addresses, initial weights, order and masks',
      wholeNumber(0),
      quickstartDefaults.seed,
    )
    .option('--steps <number>', 'how many training steps', wholeNumber(1), quickstartDefaults.steps)
    .option('--json', 'print JSON')
    .action(async ({ out, seed, steps, json = false }: Flags) => {
      const [{ runQuickstart }, { formatDuration }, { formatFilledMask }] = await Promise.all([
        import('../quickstart/run-quickstart.ts'),
        import('@gmlp/training'),
        import('../format-filled-mask.ts'),
      ]);
      const settings = { ...quickstartDefaults, seed, steps };
      const { filled, ...figures } = await runQuickstart(settings, { out }, io);
      const ratio = figures.valPerplexity / figures.unigramPerplexity;
      if (json) {
        io.stdout.write(`${figuresToJson({ ...figures, ratio, steps, seed, out, filled }, 2)}\n`);
        return;
      }
      io.stdout.write(
        [
          ...filled.map(formatFilledMask),
          '',
          `validation perplexity ${figures.valPerplexity}`,
          `unigram perplexity    ${figures.unigramPerplexity}`,
          `ratio                 ${ratio}`,
          '',
        ].join('\n'),
      );
      io.stderr.write(
        `${out}/report.html, ${out}/metrics.jsonl and the model are written; ${formatDuration(figures.seconds)} in all\n`,
      );
    });
}
