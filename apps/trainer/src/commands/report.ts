import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Io } from '../io.ts';

interface Flags {
  readonly out?: string;
}

/** `gmlp report`: runs as one HTML file. */
export function addReport(program: Command, io: Io): void {
  program
    .command('report')
    .description('write a report of one run, or of several side by side: curves, spatial filters, settings in one HTML file')
    .argument('<runs...>', 'folders of runs')
    .option('--out <file>', 'where the page goes (default: report.html in the first run)')
    .action(async (names: readonly string[], { out }: Flags) => {
      const [{ join }, { writeFileAtomically }, { page }, { readRun }, { runReport, runReportTitle }] = await Promise.all([
        import('node:path'),
        import('@gmlp/checkpoint/node'),
        import('../report/page.ts'),
        import('../report/read-run.ts'),
        import('../report/run-report.ts'),
      ]);
      const runs = [];
      for (const name of names) runs.push(await readRun(name));
      const file = resolve(out ?? join(names[0]!, 'report.html'));
      await writeFileAtomically(file, page({ title: runReportTitle(runs), body: runReport(runs) }));
      io.stdout.write(`wrote ${file}\n`);
    });
}
