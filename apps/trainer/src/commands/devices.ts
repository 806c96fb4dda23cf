import type { Command } from 'commander';
import { asStarted } from '../as-started.ts';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';

/** `gmlp devices`: what works here, and why the rest does not. */
export function addDevices(program: Command, io: Io): void {
  program
    .command('devices')
    .description('show which devices work on this machine, and why the others do not')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { probeDevices } = await import('@gmlp/devices/node');
      const verdicts = await probeDevices();
      if (json) {
        io.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`);
        return;
      }
      const rows = verdicts.map(({ name, available, reason, fix }) => [
        name,
        available ? 'works' : 'does not work',
        reason + (fix ? `; try: ${fix}` : ''),
      ]);
      io.stdout.write(`${asStarted(formatTable(['device', 'here', 'why'], rows), program, io.env)}\n`);
    });
}
