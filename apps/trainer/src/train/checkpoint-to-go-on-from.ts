/** Where a run goes on: its newest complete checkpoint, which must have been computed from what the run trains on now. */
import { availableParallelism } from 'node:os';
import { GmlpError } from '@gmlp/base';
import { type FileOptions, loadNewestCheckpoint } from '@gmlp/checkpoint/node';
import type { ProgressLine } from '@gmlp/training/node';
import type { Recipe } from '../recipes/recipe.ts';
import { changesSince, type MadeOf, parseMadeOf, settingChanges, settingsMadeOf } from '../run/made-of.ts';
import { acceptChanges, type RunFile } from '../run/run-file.ts';
import { type RunPaths, resumeCommand } from '../run/run-paths.ts';
import { expectProgress } from './saved-progress.ts';
import type { RunCheckpoint } from './training-events.ts';

export interface FoundCheckpoint {
  readonly checkpoint: RunCheckpoint;
  /** What it was computed from; absent in one that does not say. */
  readonly madeOf?: MadeOf;
}

export interface CheckpointSource {
  readonly paths: RunPaths;
  readonly progress: ProgressLine;
  readonly files: FileOptions;
}

/** The newest complete checkpoint; those that are not are named. A run without any begins at its first step. */
export async function checkpointToGoOnFrom({ paths, progress, files }: CheckpointSource): Promise<FoundCheckpoint | undefined> {
  const { checkpoint, refused } = await loadNewestCheckpoint(paths.checkpoints, files);
  for (const { path, reason } of refused) progress.print(`refused ${path}: ${reason}`);
  if (checkpoint === undefined) {
    if (refused.length === 0) return undefined;
    throw new GmlpError(
      'invalid-data',
      `train: no checkpoint in ${paths.checkpoints} is complete; move that folder away to begin the run at its first step`,
      { refused: refused.map(({ path }) => path) },
    );
  }
  const { step, model, optimiser, ema, state, threads, path } = checkpoint;
  if (threads !== availableParallelism()) {
    progress.print(`${path} was computed by ${threads} threads, here are ${availableParallelism()}: last digits may differ`);
  }
  const { madeOf: said, ...reached } = (state ?? {}) as { readonly madeOf?: unknown };
  const madeOf = parseMadeOf(said);
  if (madeOf === undefined) {
    progress.print(`${path} does not say what it was computed from: whether recipe or text changed since is not known`);
  }
  const found = { step, model, optimiser, ...(ema && { ema }), progress: expectProgress(reached, path) };
  return { checkpoint: found, ...(madeOf && { madeOf }) };
}

export interface SameRunOptions {
  readonly paths: RunPaths;
  /** The run as its folder has it, and the recipe that it is to go on with. */
  readonly file: RunFile;
  readonly recipe: Recipe;
  readonly madeOf: MadeOf;
  /** Whether changes are noted in run.json and gone on with, or refused. */
  readonly accept: boolean;
  readonly progress: ProgressLine;
}

/** Refuses to go on from a checkpoint that was computed from something else than the run has now, unless that is accepted. */
export async function expectSameRun(from: FoundCheckpoint | undefined, options: SameRunOptions): Promise<void> {
  const { paths, file, recipe, madeOf, accept, progress } = options;
  const { directory } = paths;
  const sinceBegun = settingChanges(settingsMadeOf(file.recipe), madeOf.recipe);
  const sinceSaved = from?.madeOf === undefined ? sinceBegun : changesSince(from.madeOf, madeOf);
  const step = from?.checkpoint.step ?? 0;
  // Killed after they were accepted and before a checkpoint, a run has them still.
  const noted = file.accepted?.some((each) => each.step === step && each.changes.join('\n') === sinceSaved.join('\n'));
  if (sinceBegun.length === 0 && (sinceSaved.length === 0 || noted)) return;
  const changes = sinceSaved.length > 0 ? sinceSaved : sinceBegun;
  const list = changes.map((change) => `\n  ${change}`).join('');
  if (!accept) {
    throw new GmlpError(
      'invalid-argument',
      `${directory} is no longer what its checkpoint of step ${step} was computed from:${list}\nPut it back as it was (where text changed: the files, then remove ${paths.text}, so that it is made anew), or go on with the changes, which run.json will name, by\n  ${resumeCommand(directory)} --accept-changes`,
      { directory, changes },
    );
  }
  progress.print(`changes are accepted after step ${step}, and noted in ${paths.run}:${list}`);
  await acceptChanges(directory, file, recipe, { step, at: new Date().toISOString(), changes });
}
