import { figuresToJson, formatDuration } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { sotu } from '../recipes/sotu.ts';
import { shellWord } from '../run/shell-word.ts';
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
    .description('train a small gMLP on the State of the Union addresses (the recipe sotu) and write a report')
    .option('--out <folder>', 'the folder of the run: model, metrics.jsonl, report.html', 'runs/quickstart')
    .option('--seed <number>', 'decides the held-out addresses, initial weights, order and masks', wholeNumber(0), sotu.seed)
    .option('--steps <number>', 'how many training steps', wholeNumber(1), sotu.steps)
    .option('--json', 'print JSON')
    .action(async ({ out, seed, steps, json = false }: Flags) => {
      const [{ quickstartRecipe, runQuickstart }, { formatFilledMask }] = await Promise.all([
        import('./run-quickstart.ts'),
        import('../format-filled-mask.ts'),
      ]);
      const { summary, filled } = await runQuickstart({ out, recipe: quickstartRecipe({ seed, steps }) }, io);
      const { figures, baseline, parameters } = summary;
      const [valPerplexity, unigramPerplexity] = [figures['perplexity']!, baseline['unigramPerplexity']!];
      const ratio = valPerplexity / unigramPerplexity;
      const seconds = Math.round(io.now() * 10) / 10;
      if (json) {
        const result = { valPerplexity, unigramPerplexity, seconds, parameters, ratio, steps, seed, out, filled };
        io.stdout.write(`${figuresToJson(result, 2)}\n`);
        return;
      }
      io.stdout.write(
        [
          ...filled.map(formatFilledMask),
          '',
          `validation perplexity ${valPerplexity}`,
          `unigram perplexity    ${unigramPerplexity}`,
          `ratio                 ${ratio}`,
          '',
        ].join('\n'),
      );
      io.stderr.write(
        `the run is in ${out}, its report in ${out}/report.html; ${formatDuration(seconds)} in all\n` +
          `open the report in a browser; gmlp fill-mask ${printable(shellWord(out))} "The people of the United [MASK]." asks the model more\n`,
      );
    });
}
