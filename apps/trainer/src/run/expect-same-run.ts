/** A run goes on with what its checkpoint was computed from; with anything else only when its user says so, which run.json notes. */
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { ProgressLine } from '@gmlp/training/node';
import type { Recipe } from '../recipes/recipe.ts';
import { taskOf } from '../tasks/table.ts';
import type { FoundCheckpoint } from './checkpoint-to-go-on-from.ts';
import { changesSince, type MadeOf, measuresOther, settingChanges, settingsMadeOf } from './made-of.ts';
import { acceptChanges, type RunFile } from './run-file.ts';
import { type RunPaths, resumeCommand } from './run-paths.ts';

export interface SameRunOptions {
  readonly paths: RunPaths;
  /** The run as its folder has it, and the recipe that it is to go on with. */
  readonly file: RunFile;
  readonly recipe: Recipe;
  readonly madeOf: MadeOf;
  /** How the data that was prepared differs from what its source holds now. */
  readonly sourceChanges: readonly string[];
  /** Whether changes are noted in run.json and gone on with, or refused. Another number of steps than run.json's was asked for by name. */
  readonly accept: boolean;
  readonly progress: ProgressLine;
}

/**
 * Refuses to go on from a checkpoint that was computed from something else than the run has now, unless that is accepted. Gives whether
 * evaluations still measure what those of the checkpoint did: figures of other data are not compared.
 */
export async function expectSameRun(
  from: FoundCheckpoint | undefined,
  options: SameRunOptions,
): Promise<{ readonly comparable: boolean }> {
  const { paths, file, recipe, madeOf, sourceChanges, accept, progress } = options;
  const sinceBegun = settingChanges(settingsMadeOf(file.recipe), madeOf.recipe);
  const saved = from?.madeOf ?? { ...madeOf, recipe: settingsMadeOf(file.recipe) };
  const sinceSaved = changesSince(saved, madeOf, taskOf(recipe.task).parts);
  const step = from?.checkpoint.step ?? 0;
  const noted = file.accepted ?? [];
  // Killed after they were accepted and before a checkpoint, a run has them still; a source that was edited stays so.
  const ofRun = sinceSaved.filter((change) => !noted.some((each) => each.step === step && each.changes.includes(change)));
  const ofSource = sourceChanges.filter((change) => !noted.some(({ changes }) => changes.includes(change)));
  const unnoted = [...ofRun, ...ofSource];
  const comparable = from === undefined || !measuresOther(saved, madeOf);
  const tell = (): { readonly comparable: boolean } => {
    if (!comparable)
      progress.print(
        `what is measured was changed: evaluations up to step ${step} are not compared with those from here on (early stopping, the best checkpoint)`,
      );
    return { comparable };
  };
  if (sinceBegun.length === 0 && unnoted.length === 0) return tell();
  const changes = unnoted.length > 0 ? unnoted : sinceBegun;
  const otherEnd = recipe.steps !== file.recipe.steps;
  const unasked = changes.filter((change) => !(otherEnd && change.startsWith('recipe.steps was ')));
  if (!accept && unasked.length > 0) throw refusal(options, from, unasked);
  const list = listed(changes);
  progress.print(`changes are accepted after step ${step}, and noted in ${paths.run}:${list}`);
  const accepted = { step, at: new Date().toISOString(), changes, ...(!comparable && { measuresAnew: true as const }) };
  await acceptChanges(paths.directory, file, recipe, accepted);
  return tell();
}

const listed = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join('');

function refusal(
  { paths, recipe, sourceChanges }: SameRunOptions,
  from: FoundCheckpoint | undefined,
  changes: readonly string[],
): GmlpError {
  const { directory } = paths;
  const folder = join(directory, taskOf(recipe.task).folder);
  const before =
    from === undefined ? 'what it was begun with' : `what its checkpoint of step ${from.checkpoint.step} was computed from`;
  const anew = changes.some((change) => sourceChanges.includes(change))
    ? `. With them it trains on the tokens that it packed before; to train on the text as it is now, remove ${folder} too`
    : '';
  return new GmlpError(
    'invalid-argument',
    `${directory} is no longer ${before}:${listed(changes)}\nPut it back as it was (remove ${folder} if something in it changed: it is made anew), or go on with the changes, which run.json will name, by\n  ${resumeCommand(directory)} --accept-changes${anew}`,
    { directory, changes },
  );
}
