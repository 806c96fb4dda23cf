/** The report of runs as one HTML page. */
import { page } from './page.ts';
import { readRun } from './read-run.ts';
import { runReport, runReportTitle } from './run-report.ts';

export async function reportPage(directories: readonly string[]): Promise<string> {
  const runs = [];
  for (const directory of directories) runs.push(await readRun(directory));
  return page({ title: runReportTitle(runs), body: runReport(runs) });
}
