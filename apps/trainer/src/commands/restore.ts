import { figuresToJson } from '@gmlp/base';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { restoreDefaults } from '../tasks/restore/settings.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly out?: string;
  readonly seed: number;
  readonly steps: number;
  readonly beam: number;
  readonly json?: boolean;
}

/** `gmlp restore`: a small Transformer learns case and punctuation. */
export function addRestore(program: Command, io: Io): void {
  program
    .command('restore')
    .description('train a small Transformer to restore case and punctuation, and count the words it gets right')
    .option('--out <folder>', 'where the model goes, a new folder or an empty one; it is not kept otherwise')
    .option('--seed <number>', 'decides the held-out addresses, initial weights and order', wholeNumber(0), restoreDefaults.seed)
    .option('--steps <number>', 'how many training steps', wholeNumber(1), restoreDefaults.steps)
    .option('--beam <width>', 'measure beam search of this width too', wholeNumber(1), restoreDefaults.beam)
    .option('--json', 'print JSON')
    .action(async ({ out, seed, steps, beam, json = false }: Flags) => {
      const [{ runRestore }, { formatDuration, formatNumber }] = await Promise.all([
        import('../tasks/restore/run-restore.ts'),
        import('@gmlp/training'),
      ]);
      const { examples, ...figures } = await runRestore({ ...restoreDefaults, seed, steps, beam }, { out }, io);
      if (json) {
        io.stdout.write(`${figuresToJson({ ...figures, steps, seed, examples }, 2)}\n`);
        return;
      }
      const line = (name: string, share: number): string => `${name.padEnd(39)} ${(100 * share).toFixed(1)} % of the words`;
      io.stdout.write(
        [
          ...examples.flatMap(({ source, restored }) => [source, `  ${restored}`]),
          '',
          line('copying', figures.copying),
          line('copying, with a capital and a full stop', figures.copyingAsSentence),
          line('greedy search', figures.greedy),
          ...(figures.beam === undefined ? [] : [line(`beam search of ${beam}`, figures.beam)]),
          `of ${formatNumber(figures.words)} held-out words; trained in ${formatDuration(figures.trainingSeconds)}, ${formatDuration(figures.seconds)} in all`,
          '',
        ].join('\n'),
      );
    });
}
