import { figuresToJson, formatNumber } from '@gmlp/base';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import type { ScoredTask } from '../score/score-predictions.ts';

interface Flags {
  readonly data: string;
  readonly predictions: string;
  readonly naProbFile?: string;
  readonly naProbThresh: number;
  readonly json?: boolean;
}

/** `gmlp score`: the official figures of anybody's answers. */
export function addScore(program: Command, io: Io): void {
  program
    .command('score')
    .description('measure answers to SQuAD by its official figures: exact match and F1, in per cent')
    .addArgument(new Argument('<task>', 'version 1.1 or 2.0').choices(['squad1', 'squad2']))
    .requiredOption('--data <file>', 'the questions and their answers, in the JSON of SQuAD')
    .requiredOption('--predictions <file>', 'the answers to measure: JSON, {"id of a question": "answer", ...}')
    .option('--na-prob-file <file>', 'of squad2: how probable it is that a question has no answer, {"id": 0.3, ...}')
    .option('--na-prob-thresh <number>', 'of squad2: an answer of a question above it counts as none', threshold, 1)
    .option('--json', 'print JSON, with the names of the official scripts')
    .action(async (task: ScoredTask, flags: Flags, command: Command) => {
      const { data, predictions, naProbFile, naProbThresh, json = false } = flags;
      if (task === 'squad1' && naProbFile !== undefined)
        command.error('error: every question of squad1 has an answer: leave --na-prob-file out', { exitCode: 2 });
      const { scorePredictions } = await import('../score/score-predictions.ts');
      const asked = { data, predictions, naProbabilities: naProbFile, naThreshold: naProbThresh };
      const { figures, notes } = await scorePredictions(task, asked);
      for (const note of notes) io.stderr.write(`note: ${note}\n`);
      const width = Math.max(...Object.keys(figures).map((name) => name.length));
      const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${formatNumber(value)}\n`);
      io.stdout.write(json ? `${figuresToJson(figures, 2)}\n` : lines.join(''));
    });
}

function threshold(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}
