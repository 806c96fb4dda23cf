import { join } from 'node:path';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { reportPage } from './report-page.ts';

/** Writes report.html into the folder of a run; gives its path. */
export async function writeReport(run: string): Promise<string> {
  const path = join(run, 'report.html');
  await writeFileAtomically(path, await reportPage([run]));
  return path;
}
