/**
 * `bench files`: what writing and reading weights adds to a process's memory, for 1 GB as a model directory and as a checkpoint,
 * and for a file above 2 GiB, where single reads and Node's buffers end. Needs 2.8 GB in the temporary folder, and 3 GB of memory.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchSize } from './bench-size.ts';

export interface FileFigures {
  readonly kind: string;
  readonly megabytes: number;
  readonly action: 'write' | 'read';
  /** How much the process's peak memory rose by it, and the peak, megabytes (10^6 bytes). */
  readonly raisedMb: number;
  readonly peakMb: number;
  readonly seconds: number;
}

export async function measureFiles(cases: BenchSize['files'], log: (line: string) => void): Promise<FileFigures[]> {
  const figures: FileFigures[] = [];
  for (const [kind, sizes] of cases) {
    const folder = await mkdtemp(join(tmpdir(), 'gmlp-bench-files-'));
    try {
      for (const action of ['write', 'read'] as const) {
        const megabytes = Math.round(sizes.reduce((a, b) => a + b, 0) / 1e6);
        log(`${action} ${kind} of ${megabytes} MB`);
        const program = fileURLToPath(new URL('file-side.js', import.meta.url));
        const args = [program, action, kind, join(folder, 'x'), ...sizes.map(String)];
        const { stdout } = await promisify(execFile)(process.execPath, args);
        figures.push({
          kind,
          megabytes,
          action,
          ...(JSON.parse(stdout) as Pick<FileFigures, 'raisedMb' | 'peakMb' | 'seconds'>),
        });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return figures;
}

export function fileTable(figures: readonly FileFigures[]): string {
  const line = (...cells: (string | number)[]) => cells.map((cell) => String(cell).padStart(12)).join('');
  const rows = figures.map((f) => line(f.kind, f.action, f.megabytes, f.raisedMb, f.peakMb, f.seconds.toFixed(2)));
  return [line('kind', 'action', 'MB', 'raised MB', 'peak MB', 'seconds'), ...rows].join('\n');
}
