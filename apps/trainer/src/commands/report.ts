import { join, resolve } from 'node:path';
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
    .action(async (runs: readonly string[], { out }: Flags) => {
      const [{ writeFileAtomically }, { reportPage }] = await Promise.all([
        import('@gmlp/checkpoint/node'),
        import('../report/report-page.ts'),
      ]);
      const file = resolve(out ?? join(runs[0]!, 'report.html'));
      await writeFileAtomically(file, await reportPage(runs), { signal: io.signal });
      io.stdout.write(`wrote ${file}\n`);
    });
}
