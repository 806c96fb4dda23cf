/**
 * `bench passes`: what each graph pass of the compiler is worth. The loss and gradients of the step benchmark's model, and its
 * forward, with all passes, with each one left out, and with none, each in its own process, taking turns. Where a process's
 * memory happens to lie changes its speed by more than most passes do, so all processes are started anew a few times; and
 * `all passes` stands twice in the table, so that its second row shows what the measurement itself is worth.
 */
import { fileURLToPath } from 'node:url';
import { passes } from '@gmlp/compiler';
import type { BenchSize } from './bench-size.ts';
import { median } from './numbers.ts';
import { type SideProcess, startSide } from './side-process.ts';
import { removeTask, writeTask } from './task-folder.ts';

export interface PassFigures {
  readonly name: string;
  /** Medians, milliseconds of the loss with its gradients, and of a forward. */
  readonly gradients: number;
  readonly forward: number;
  /** Milliseconds more than with all passes in the same round. */
  readonly gradientsMore: Interval;
  readonly forwardMore: Interval;
  /** The most memory that the process ever held, megabytes (10^6 bytes): median over its starts. */
  readonly peakMb: number;
}

export interface Interval {
  readonly median: number;
  /** 95 % confidence interval of the median. */
  readonly low: number;
  readonly high: number;
}

interface Measured {
  readonly gradients: number[];
  readonly forward: number[];
  readonly peaks: number[];
}

const warmups = 2;

/** Every set of passes that is measured; the first is what the others are compared with. */
function choices(): [name: string, passes: readonly string[]][] {
  const all = passes.map(({ name }) => name);
  const without = all.map((left): [string, string[]] => [`without ${left}`, all.filter((name) => name !== left)]);
  return [['all passes', all], ['all passes again', all], ...without, ['no pass', []]];
}

export async function measurePasses(
  { task, starts }: BenchSize,
  rounds: number,
  log: (line: string) => void,
): Promise<PassFigures[]> {
  const folder = await writeTask(task, 1);
  const chosen = choices();
  const measured = chosen.map((): Measured => ({ gradients: [], forward: [], peaks: [] }));
  try {
    for (let start = 0; start < starts; start++) {
      const sides: SideProcess[] = [];
      try {
        for (const [name, names] of chosen) sides.push(await open(name, folder, names));
        for (let round = 0; round < Math.ceil(rounds / starts); round++) {
          log(`start ${start + 1} of ${starts}, round ${round + 1} of ${Math.ceil(rounds / starts)}`);
          // Another order each round: the first to run after a pause finds another machine than the last.
          for (let turn = 0; turn < sides.length; turn++) {
            const which = (turn + round) % sides.length;
            measured[which]!.gradients.push((await sides[which]!.ask('gradients')).ms);
            measured[which]!.forward.push((await sides[which]!.ask('forward')).ms);
          }
        }
        for (const [which, side] of sides.entries()) measured[which]!.peaks.push((await side.ask('peak')).megabytes);
      } finally {
        await Promise.all(sides.map((side) => side.exit()));
      }
    }
  } finally {
    await removeTask(folder);
  }
  const more = (times: number[], reference: number[]): Interval => interval(times.map((ms, round) => ms - reference[round]!));
  return measured.map(({ gradients, forward, peaks }, which) => ({
    name: chosen[which]![0],
    gradients: median(gradients),
    forward: median(forward),
    gradientsMore: more(gradients, measured[0]!.gradients),
    forwardMore: more(forward, measured[0]!.forward),
    peakMb: median(peaks),
  }));
}

async function open(name: string, folder: string, names: readonly string[]): Promise<SideProcess> {
  const program = fileURLToPath(new URL('gmlp.js', import.meta.url));
  const side = await startSide(name, process.execPath, [program, folder, 'passes', names.join(',')]);
  for (let warmup = 0; warmup < warmups; warmup++) {
    await side.ask('gradients');
    await side.ask('forward');
  }
  return side;
}

/** The median with its 95 % confidence interval by order statistics: which of the sorted values bound it, whatever their distribution. */
export function interval(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length); // 1.96 deviations of a binomial with p = 1/2
  const at = (rank: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(rank)))]!;
  const middle = (sorted.length - 1) / 2;
  return { median: median(sorted), low: at(middle - reach), high: at(middle + reach) };
}

export function passTable(figures: readonly PassFigures[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) => [name.padEnd(width), ...cells].join('  ');
  const signed = (ms: number) => `${ms < 0 ? '' : '+'}${ms.toFixed(1)}`;
  const more = ({ median: middle, low, high }: Interval) => `${signed(middle)} [${signed(low)}, ${signed(high)}]`.padStart(20);
  const header = line('', ['gradients ms', 'more [95 %]'.padStart(20), 'forward ms', 'more [95 %]'.padStart(20), 'peak MB']);
  const rows = figures.map((row) =>
    line(row.name, [
      row.gradients.toFixed(1).padStart(12),
      more(row.gradientsMore),
      row.forward.toFixed(1).padStart(10),
      more(row.forwardMore),
      row.peakMb.toFixed(0).padStart(7),
    ]),
  );
  return [header, ...rows].join('\n');
}
