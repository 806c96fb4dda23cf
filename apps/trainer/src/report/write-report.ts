/** The report of runs as a file. */
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { page } from './page.ts';
import { readRun } from './read-run.ts';
import { runReport, runReportTitle } from './run-report.ts';

export async function writeReport(directories: readonly string[], file: string): Promise<void> {
  const runs = [];
  for (const directory of directories) runs.push(await readRun(directory));
  await writeFileAtomically(file, page({ title: runReportTitle(runs), body: runReport(runs) }));
}
