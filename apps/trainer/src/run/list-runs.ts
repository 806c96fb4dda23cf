/** The runs below a folder, and how each stands. Folders that hold something broken are named, others are passed over. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { pointsOf, readMetrics } from '../report/read-metrics.ts';
import { headlineOf } from '../tasks/shown-figures.ts';
import { taskOf } from '../tasks/table.ts';
import { prefixedName } from './metrics-records.ts';
import { type RunCondition, readRunCondition } from './run-condition.ts';
import { readRunFile } from './run-file.ts';
import { runPaths } from './run-paths.ts';

export interface ListedRun {
  readonly name: string;
  readonly recipe: string;
  readonly state: RunCondition['state'] | 'not begun';
  readonly step: number;
  readonly steps: number;
  /** Of training, the newest; null before the first record. */
  readonly loss: number | null;
  /** The figure that people are told of, the newest of the held-out data; null before the first evaluation. */
  readonly validation: { readonly name: string; readonly label: string; readonly value: number; readonly shown: string } | null;
  /** ISO time. */
  readonly started: string;
}

export interface ListedRuns {
  /** The newest first. */
  readonly runs: readonly ListedRun[];
  readonly refused: readonly string[];
}

export async function listRuns(folder: string): Promise<ListedRuns> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new GmlpError('io', `listRuns: ${folder}: ${cause.message}`, { folder }, { cause });
  });
  const runs: ListedRun[] = [];
  const refused: string[] = [];
  for (const name of entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)) {
    try {
      const run = await readListedRun(name, join(folder, name));
      if (run !== undefined) runs.push(run);
    } catch (error) {
      refused.push(plainMessage(error));
    }
  }
  return { runs: runs.sort((a, b) => (a.started < b.started ? 1 : -1)), refused };
}

async function readListedRun(name: string, directory: string): Promise<ListedRun | undefined> {
  const file = await readRunFile(directory);
  if (file === undefined) return undefined;
  const condition = await readRunCondition(directory);
  const metrics = await readMetrics(runPaths(directory).metrics);
  const loss = pointsOf(metrics, 'loss');
  const { name: figure, label, shown } = headlineOf(taskOf(file.recipe.task));
  const value = pointsOf(metrics, prefixedName('val', figure)).at(-1)?.[1];
  return {
    name,
    recipe: file.recipe.name,
    state: condition?.state ?? 'not begun',
    step: Math.max(condition?.step ?? 0, loss.at(-1)?.[0] ?? 0), // state.json is written at checkpoints and evaluations
    steps: file.recipe.steps,
    loss: loss.at(-1)?.[1] ?? null,
    validation: value === undefined ? null : { name: figure, label, value, shown: shown({ [figure]: value }) },
    started: file.started,
  };
}
