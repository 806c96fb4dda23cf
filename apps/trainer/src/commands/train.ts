import { figuresToJson } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { secondsOfDuration } from '../run/duration.ts';
import { shellWord } from '../run/shell-word.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { collect } from './collect.ts';
import { deviceChoice } from './device-option.ts';
import { onBadOption } from './on-bad-option.ts';

interface Flags {
  readonly variant?: string;
  readonly from?: string;
  readonly data?: string;
  readonly set?: readonly string[];
  readonly onBad?: OnBad;
  readonly out?: string;
  readonly device?: DeviceName | 'auto';
  readonly budget?: number;
  readonly resume?: boolean;
  readonly acceptChanges?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `gmlp train`: a run of a recipe, begun or gone on with. */
export function addTrain(program: Command, io: Io): void {
  program
    .command('train')
    .description('train a recipe (a name, a .json file or an .mjs that exports it), or go on with a run, also to more steps')
    .argument('[recipe]', 'what to train, or the folder of a run to go on with')
    .option(
      '--variant <name>',
      'instead of a recipe: train this variant (gmlp models lists them) with settings that suit its size',
    )
    .option(
      '--from <model>',
      'instead of a recipe: train this image model further (a run, a saved model or a name on the Hugging Face Hub), its head anew, on the images of --data',
    )
    .option(
      '--data <path>',
      'the data of --variant or --from: a file or a folder of text or shards (default: the State of the Union addresses); images in a folder with a folder for each class, or a tar of one',
    )
    .option('--set <path=value>', 'change a setting of the recipe (may be repeated); of a run, its steps', collect)
    .addOption(onBadOption())
    .option('--out <folder>', 'the folder of the run (default: runs/ and the name of the recipe)')
    .addOption(deviceChoice('where to compute (default: where the recipe says, or where the run was)'))
    .option(
      '--budget <time>',
      'instead of steps: how long the whole may take (30m, 1h30m); as many steps as fit are trained',
      duration,
    )
    .option('--resume', 'go on with the run from its newest complete checkpoint, as naming its folder does')
    .option('--accept-changes', 'with a run: go on although recipe or text were changed; run.json notes what')
    .option('--dry-run', 'print what the run would take (parameters, time, memory, disk, tokens), and make nothing')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: Flags, command: Command) => {
      const { device, budget, acceptChanges = false, json = false } = flags;
      if (budget !== undefined && flags.set?.some((setting) => setting.startsWith('steps=')))
        command.error('error: --budget decides the steps: leave --set steps out', { exitCode: 2 });
      if (budget !== undefined && flags.dryRun)
        command.error('error: --dry-run tells the time of the steps of a recipe: leave --budget out', { exitCode: 2 });
      if (flags.dryRun) {
        const [{ whatToTrain }, { dryRun }, { formatDryRun }] = await Promise.all([
          import('../run/what-to-train.ts'),
          import('../dry-run/dry-run.ts'),
          import('../dry-run/format-dry-run.ts'),
        ]);
        const asked = await whatToTrain(name, flags, (problem) => command.error(`error: ${problem}`, { exitCode: 2 }));
        const taken = await dryRun(asked, { device }, io);
        io.stdout.write(json ? `${figuresToJson(taken, 2)}\n` : formatDryRun(taken));
        return;
      }
      const [{ whatToTrain }, { runTraining }, { formatSummary, summaryJson }, { writeReport }, { writeAnswers }] =
        await Promise.all([
          import('../run/what-to-train.ts'),
          import('../run/run-training.ts'),
          import('../run/training-summary.ts'),
          import('../report/write-report.ts'),
          import('../report/write-answers.ts'),
        ]);
      const asked = await whatToTrain(name, flags, (problem) => command.error(`error: ${problem}`, { exitCode: 2 }));
      const { out, resume, recipe, finished } = asked;
      if (finished !== undefined && recipe === undefined)
        io.stderr.write(
          `${printable(out)} is finished; gmlp train ${printable(shellWord(out))} --set steps=${2 * finished} trains it longer\n`,
        );
      const summary = await runTraining({ out, recipe, resume, budget, acceptChanges, device }, io);
      await writeAnswers(summary, io);
      const report = await writeReport(summary.run);
      const text = json
        ? `${figuresToJson({ ...summaryJson(summary), report }, 2)}\n`
        : `${formatSummary(summary)}report ${report}\n`;
      io.stdout.write(text);
    });
}

function duration(text: string): number {
  const seconds = secondsOfDuration(text);
  if (seconds === undefined) throw new InvalidArgumentError('Expected a time, such as 90s, 30m or 1h30m.');
  return seconds;
}
