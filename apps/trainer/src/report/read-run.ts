/** All that a report shows of one run, read from its folder. */
import { GmlpError } from '@gmlp/base';
import { modelOptions } from '../recipes/recipe-model.ts';
import { nearestRun } from '../run/nearest-run.ts';
import { type RunCondition, readRunCondition } from '../run/run-condition.ts';
import { type RunFile, readRunFile } from '../run/run-file.ts';
import { runPaths } from '../run/run-paths.ts';
import { taskOf } from '../tasks/table.ts';
import type { Task } from '../tasks/task.ts';
import { type RunFilters, readFilters } from './read-filters.ts';
import { pointsOf, type RunMetrics, readMetrics } from './read-metrics.ts';
import { type RunAnswers, readRunAnswers } from './run-answers.ts';

export interface RunData {
  /** As the user named it. */
  readonly name: string;
  readonly file: RunFile;
  readonly condition: RunCondition | undefined;
  readonly metrics: RunMetrics;
  readonly filters: RunFilters;
  readonly task: Task;
  /** Of a model of images: patches along a side. */
  readonly grid?: number;
  /** Of a finished run. */
  readonly answers: RunAnswers | undefined;
}

/** How many evaluations' filters are shown. */
const shownFilters = 6;

export async function readRun(directory: string): Promise<RunData> {
  const paths = runPaths(directory);
  const file = await readRunFile(directory);
  if (file === undefined) {
    const advice = (await nearestRun(directory)) || '; give the folder of a run, such as runs/sotu';
    throw new GmlpError('not-found', `report: there is no run in ${directory} (no run.json)${advice}`, { directory });
  }
  const task = taskOf(file.recipe.task);
  const options = modelOptions(file.recipe.model, {});
  const grid = 'imageSize' in options ? options.imageSize / options.patchSize : undefined;
  const causal = 'causal' in options && options.causal === true;
  const condition = await readRunCondition(directory);
  const metrics = await readMetrics(paths.metrics);
  // state.json is written at checkpoints and evaluations: the newest record is nearer to where the run is.
  const recorded = pointsOf(metrics, 'loss').at(-1)?.[0] ?? 0;
  return {
    name: directory,
    file,
    condition: condition && { ...condition, step: Math.max(condition.step, recorded) },
    metrics,
    filters: await readFilters(paths.filters, shownFilters, { causal }),
    answers: await readRunAnswers(directory, task),
    task,
    ...(grid !== undefined && { grid }),
  };
}
