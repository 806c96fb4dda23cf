import { join } from 'node:path';
import { figuresToJson } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import type { OnBad } from '../masked-language/on-bad.ts';
import { deviceChoice } from './device-option.ts';
import { onBadOption } from './on-bad-option.ts';

interface Flags {
  readonly set?: readonly string[];
  readonly onBad?: OnBad;
  readonly out?: string;
  readonly device?: DeviceName | 'auto';
  readonly resume?: boolean;
  readonly acceptChanges?: boolean;
  readonly json?: boolean;
}

/** `gmlp train`: a run of a recipe, begun or gone on with. */
export function addTrain(program: Command, io: Io): void {
  program
    .command('train')
    .description('train a recipe (a name, a .json file or an .mjs that exports it), or go on with a run')
    .argument('[recipe]', 'what to train; a run that is gone on with knows it')
    .option('--set <path=value>', 'change a setting of the recipe (may be repeated)', collect)
    .addOption(onBadOption())
    .option('--out <folder>', 'the folder of the run (default: runs/ and the name of the recipe)')
    .addOption(deviceChoice('where to compute (default: where the recipe says, or where the run was)'))
    .option('--resume', 'go on with the run from its newest complete checkpoint')
    .option('--accept-changes', 'with --resume: go on although recipe or text were changed; run.json notes what')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: Flags, command: Command) => {
      const { set: given = [], onBad, out, device, resume = false, acceptChanges = false, json = false } = flags;
      const set = onBad === undefined ? given : [...given, `data.onBad=${onBad}`];
      if (acceptChanges && !resume) command.error('error: --accept-changes goes with --resume', { exitCode: 2 });
      if (name === undefined && (!resume || out === undefined || set.length > 0)) {
        const advice = set.length > 0 ? `; ${given.length > 0 ? '--set' : '--on-bad'} needs the recipe that it changes` : '';
        command.error(`error: expected a recipe (gmlp recipes lists them), or --resume with the --out of a run${advice}`, {
          exitCode: 2,
        });
      }
      const [{ loadRecipe }, { applySettings }, { runTraining }, { formatSummary }, { writeReport }, { writeAnswers }] =
        await Promise.all([
          import('../recipes/load-recipe.ts'),
          import('../recipes/apply-settings.ts'),
          import('../train/run-training.ts'),
          import('../train/training-summary.ts'),
          import('../report/write-report.ts'),
          import('../report/write-answers.ts'),
        ]);
      const recipe = name === undefined ? undefined : applySettings(await loadRecipe(name), set);
      const summary = await runTraining({ out: out ?? `runs/${recipe!.name}`, recipe, resume, acceptChanges, device }, io);
      await writeAnswers(summary, io);
      const report = join(summary.run, 'report.html');
      await writeReport([summary.run], report);
      io.stdout.write(json ? `${figuresToJson({ ...summary, report }, 2)}\n` : `${formatSummary(summary)}report ${report}\n`);
    });
}

function collect(setting: string, before: readonly string[] = []): string[] {
  if (!setting.includes('=')) throw new InvalidArgumentError('Expected path=value.');
  return [...before, setting];
}
