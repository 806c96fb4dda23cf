/** Where a run goes on: its newest complete checkpoint, with what that was computed from. */
import { availableParallelism } from 'node:os';
import { GmlpError } from '@gmlp/base';
import { type FileOptions, loadNewestCheckpoint } from '@gmlp/checkpoint/node';
import type { RunCheckpoint } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { holdsFinalModel } from './final-model.ts';
import { type MadeOf, parseMadeOf } from './made-of.ts';
import type { RunPaths } from './run-paths.ts';
import { expectProgress } from './saved-progress.ts';

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

/** The newest complete checkpoint; those that are not are named. A run without any, and without a model, begins at its first step. */
export async function checkpointToGoOnFrom({ paths, progress, files }: CheckpointSource): Promise<FoundCheckpoint | undefined> {
  const { checkpoint, refused } = await loadNewestCheckpoint(paths.checkpoints, files);
  for (const { path, reason } of refused) progress.print(`refused ${path}: ${reason}`);
  if (checkpoint === undefined) {
    const ended = await holdsFinalModel(paths);
    if (refused.length === 0 && !ended) return undefined;
    if (refused.length === 0) {
      throw new GmlpError(
        'not-found',
        `train: ${paths.checkpoints} holds no checkpoint, and to begin at the first step would replace the model in ${paths.model}; put the checkpoints back, or move that model away to begin anew`,
        { path: paths.model },
      );
    }
    throw new GmlpError(
      'invalid-data',
      `train: no checkpoint in ${paths.checkpoints} is complete; move that folder${ended ? ` and ${paths.model}` : ''} away to begin the run at its first step`,
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
