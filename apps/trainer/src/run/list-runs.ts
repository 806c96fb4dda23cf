/** The runs below a folder, and how each stands. Folders that hold something broken are named, others are passed over. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { readMetrics } from '../report/read-metrics.ts';
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
  readonly valPerplexity: number | null;
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
  const { loss, valLoss } = await readMetrics(runPaths(directory).metrics);
  const newest = valLoss.at(-1)?.[1];
  return {
    name,
    recipe: file.recipe.name,
    state: condition?.state ?? 'not begun',
    step: Math.max(condition?.step ?? 0, loss.at(-1)?.[0] ?? 0), // state.json is written at checkpoints and evaluations
    steps: file.recipe.steps,
    loss: loss.at(-1)?.[1] ?? null,
    valPerplexity: newest === undefined ? null : Math.exp(newest),
    started: file.started,
  };
}
