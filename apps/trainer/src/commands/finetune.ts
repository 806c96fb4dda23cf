import { figuresToJson, formatNumber } from '@gmlp/base';
import type { DeviceName } from '@gmlp/devices';
import { Argument, type Command } from 'commander';
import type { Answering } from '../finetune/recipe-for-answering.ts';
import type { FineTuning } from '../finetune/recipe-for-fine-tuning.ts';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { collect } from './collect.ts';
import { deviceOption } from './device-option.ts';
import { onBadOption } from './on-bad-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags extends Pick<FineTuning, 'first' | 'second' | 'label'> {
  readonly data: string;
  readonly validation?: string;
  readonly set?: readonly string[];
  readonly seeds: number;
  readonly grid?: boolean;
  readonly untrained?: boolean;
  readonly out?: string;
  readonly onBad?: OnBad;
  readonly device: DeviceName | 'auto';
  readonly json?: boolean;
}

/** Of GLUE by their names; here, so that help loads no reader. */
export const fineTuned = [
  'sst2',
  'rte',
  'mnli',
  'cola',
  'mrpc',
  'qnli',
  'qqp',
  'wnli',
  'classify',
  'squad1',
  'squad2',
] as const satisfies readonly (FineTuning['task'] | Answering['task'])[];

/** `gmlp finetune`: a saved model of language learns to tell classes of texts apart, or to find answers in them. */
export function addFinetune(program: Command, io: Io): void {
  program
    .command('finetune')
    .description(
      'train a saved model of language further, to say which class a text or a pair of texts is of, or to find answers in texts',
    )
    .addArgument(
      new Argument(
        '<task>',
        'a task of GLUE, classify for texts of yours, or squad1 and squad2 for questions about texts',
      ).choices(fineTuned),
    )
    .argument('<model>', 'the folder of a run or of a model, or a name on the Hugging Face Hub')
    .requiredOption(
      '--data <path>',
      'a file of classified texts (.tsv, .csv, .jsonl), or a folder with train.tsv and dev.tsv, as those of GLUE; of questions SQuAD’s JSON, or a folder with train-v1.1.json and dev-v1.1.json',
    )
    .option('--validation <file>', 'the texts to validate on (default: those of the folder, or a tenth that is held out)')
    .option('--first <column>', 'of classify: the column of the text, or of the first of two')
    .option('--second <column>', 'of classify: the column of the second text')
    .option('--label <column>', 'of classify: the column of the class')
    .option('--seeds <number>', 'train so many times, each with a seed of its own, and report the median', wholeNumber(1), 1)
    .option('--grid', 'train with all batches and rates of table 9 of the paper')
    .option('--untrained', 'begin with drawn weights instead of the model’s, to see what they are worth')
    .option('--set <path=value>', 'change a setting of the recipe (may be repeated)', collect)
    .addOption(onBadOption())
    .option('--out <folder>', 'the folder of the run, or of all of them (default: runs/ and the names of task and model)')
    .addOption(deviceOption())
    .option('--json', 'print JSON')
    .action(async (task: (typeof fineTuned)[number], model: string, flags: Flags, command: Command) => {
      const { first, second, label, seeds, grid = false, untrained = false, set = [], onBad, device, json = false } = flags;
      if (task !== 'classify' && (first ?? second ?? label) !== undefined)
        command.error(`error: ${task} has columns of its own: leave --first, --second and --label out`, { exitCode: 2 });
      const questions = task === 'squad1' || task === 'squad2';
      const [
        { questionPlaces, textPlaces },
        { recipeForAnswering },
        { recipeForFineTuning },
        { fineTuningRecipeFor },
        { plannedRuns },
        { fineTune },
        { fineTuningSummary, formatFineTuning },
        { taskOf },
        { glueTasks },
      ] = await Promise.all([
        import('../finetune/text-places.ts'),
        import('../finetune/recipe-for-answering.ts'),
        import('../finetune/recipe-for-fine-tuning.ts'),
        import('../recipes/fine-tuning-recipes.ts'),
        import('../finetune/planned-runs.ts'),
        import('../finetune/fine-tune.ts'),
        import('../finetune/fine-tuning-summary.ts'),
        import('../tasks/table.ts'),
        import('@gmlp/text'),
      ]);
      const { validation, ...rest } = await (questions
        ? questionPlaces(flags.data, task === 'squad1' ? '1.1' : '2.0')
        : textPlaces(flags.data));
      const held = flags.validation ?? validation;
      const places = { training: rest.training, ...(held !== undefined && { validation: held }) };
      const recipe = questions
        ? await recipeForAnswering({ task, model, places, onBad, untrained })
        : await recipeForFineTuning({ task, model, places, onBad, untrained, first, second, label });
      const tried = grid ? fineTuningRecipeFor(task) : undefined;
      const runs = plannedRuns(recipe, { out: flags.out ?? `runs/${recipe.name}`, seeds, grid: tried, set });
      const tell = (done: number, { out }: { readonly out: string }): unknown =>
        runs.length > 1 && io.stderr.write(printable(`run ${formatNumber(done + 1)} of ${formatNumber(runs.length)}: ${out}\n`));
      const done = await fineTune(runs, { device, further: rest.further, onRun: tell }, io);
      const row = taskOf(recipe.task);
      const decides = questions || task === 'classify' ? row.figures[0].name : glueTasks[task].figure;
      const summary = fineTuningSummary(done, row.figures.find(({ name }) => name === decides)!);
      io.stdout.write(json ? `${figuresToJson(summary, 2)}\n` : formatFineTuning(summary, row));
    });
}
