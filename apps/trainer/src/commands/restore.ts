import { figuresToJson, formatDuration, formatNumber } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { restore } from '../recipes/restore.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly out: string;
  readonly seed: number;
  readonly steps: number;
  readonly beam: number;
  readonly json?: boolean;
}

/** `gmlp restore`: a small Transformer learns case and punctuation. */
export function addRestore(program: Command, io: Io): void {
  program
    .command('restore')
    .description(
      'train a small Transformer to restore case and punctuation (the recipe restore), and count the words it gets right',
    )
    .option('--out <folder>', 'the folder of the run: model, metrics.jsonl, report.html', 'runs/restore')
    .option('--seed <number>', 'decides the held-out addresses, initial weights and order', wholeNumber(0), restore.seed)
    .option('--steps <number>', 'how many training steps', wholeNumber(1), restore.steps)
    .option('--beam <width>', 'measure beam search of this width too', wholeNumber(1), 1)
    .option('--json', 'print JSON')
    .action(async ({ out, seed, steps, beam, json = false }: Flags) => {
      const { restoreRecipe, runRestore } = await import('./run-restore.ts');
      const result = await runRestore({ out, recipe: restoreRecipe({ seed, steps }), beam }, io);
      const { summary, words, examples } = result;
      const { figures, baseline, parameters, seconds: trainingSeconds } = summary;
      const [greedy, copying, copyingAsSentence] = [
        figures['wordAccuracy']!,
        baseline['copying']!,
        baseline['copyingAsSentence']!,
      ];
      const seconds = Math.round(io.now() * 10) / 10;
      if (json) {
        const accuracies = { copying, copyingAsSentence, greedy, ...(result.beam !== undefined && { beam: result.beam }) };
        const rest = { words, parameters, trainingSeconds, seconds, steps, seed, out, examples };
        io.stdout.write(`${figuresToJson({ ...accuracies, ...rest }, 2)}\n`);
        return;
      }
      const line = (name: string, share: number): string => `${name.padEnd(39)} ${(100 * share).toFixed(1)} % of the words`;
      io.stdout.write(
        [
          ...examples.flatMap(({ source, restored }) => [source, `  ${restored}`]),
          '',
          line('copying', copying),
          line('copying, with a capital and a full stop', copyingAsSentence),
          line('greedy search', greedy),
          ...(result.beam === undefined ? [] : [line(`beam search of ${beam}`, result.beam)]),
          `of ${formatNumber(words)} held-out words; trained in ${formatDuration(trainingSeconds)}, ${formatDuration(seconds)} in all`,
          '',
        ].join('\n'),
      );
      io.stderr.write(`the run is in ${out}, its report in ${out}/report.html\n`);
    });
}
