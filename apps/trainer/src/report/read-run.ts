/** All that a report shows of one run, read from its folder. */
import { GmlpError } from '@gmlp/base';
import { type RunCondition, readRunCondition } from '../run/run-condition.ts';
import { type RunFile, readRunFile } from '../run/run-file.ts';
import { runPaths } from '../run/run-paths.ts';
import { type RunFilters, readFilters } from './read-filters.ts';
import { type RunMetrics, readMetrics } from './read-metrics.ts';

export interface RunData {
  /** As the user named it. */
  readonly name: string;
  readonly file: RunFile;
  readonly condition: RunCondition | undefined;
  readonly metrics: RunMetrics;
  readonly filters: RunFilters;
}

/** How many evaluations' filters are shown. */
const shownFilters = 6;

export async function readRun(directory: string): Promise<RunData> {
  const paths = runPaths(directory);
  const file = await readRunFile(directory);
  if (file === undefined) {
    throw new GmlpError(
      'not-found',
      `report: there is no run in ${directory} (no run.json); give the folder of a run, such as runs/sotu`,
      {
        directory,
      },
    );
  }
  return {
    name: directory,
    file,
    condition: await readRunCondition(directory),
    metrics: await readMetrics(paths.metrics),
    filters: await readFilters(paths.filters, shownFilters),
  };
}
