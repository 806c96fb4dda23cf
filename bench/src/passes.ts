/**
 * `bench passes`: what each graph pass of the compiler is worth. The loss and gradients of the step benchmark's model, with all
 * passes, with each one left out, and with none, taking turns in one process.
 */
import { type Pass, passes } from '@gmlp/compiler';
import { compiledDevice, ortCpu } from '@gmlp/devices/node';
import { openGmlpOn } from './gmlp-side.ts';
import type { SideFunctions } from './serve-side.ts';
import { median } from './step-report.ts';
import { gmlpS6, removeTask, writeTask } from './task.ts';

export interface PassFigures {
  /** Median milliseconds of a step and of a forward. */
  readonly step: number;
  readonly forward: number;
  /** Median milliseconds more than with all passes in the same round: what the machine does meanwhile hits both. */
  readonly stepMore: number;
  readonly forwardMore: number;
}

export async function measurePasses(rounds: number, log: (line: string) => void): Promise<Record<string, PassFigures>> {
  const variants: Record<string, readonly Pass[]> = { 'all passes': passes };
  for (const left of passes) variants[`without ${left.name}`] = passes.filter((pass) => pass !== left);
  variants['no pass'] = [];
  const folder = await writeTask(gmlpS6, 1);
  try {
    const runtime = await ortCpu();
    const sides: { name: string; side: SideFunctions; step: number[]; forward: number[] }[] = [];
    for (const [name, chosen] of Object.entries(variants)) {
      const side = await openGmlpOn(folder, compiledDevice('ort-cpu', runtime, chosen));
      for (let warmup = 0; warmup < 2; warmup++) await side.step!();
      await side.forward!();
      sides.push({ name, side, step: [], forward: [] });
    }
    for (let round = 0; round < rounds; round++) {
      log(`round ${round + 1} of ${rounds}`);
      // Another order each round: whoever follows a large graph finds other caches.
      const turn = round % sides.length;
      for (const { side, step, forward } of [...sides.slice(turn), ...sides.slice(0, turn)]) {
        step.push(await timed(side.step!));
        forward.push(await timed(side.forward!));
      }
    }
    for (const { side } of sides) await side.close?.();
    const all = sides[0]!;
    const more = (times: number[], reference: number[]): number => median(times.map((ms, round) => ms - reference[round]!));
    return Object.fromEntries(
      sides.map(({ name, step, forward }) => [
        name,
        {
          step: median(step),
          forward: median(forward),
          stepMore: more(step, all.step),
          forwardMore: more(forward, all.forward),
        },
      ]),
    );
  } finally {
    await removeTask(folder);
  }
}

async function timed(body: () => unknown): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

export function passTable(figures: Record<string, PassFigures>): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const line = (name: string, ...cells: string[]) => [name.padEnd(width), ...cells.map((cell) => cell.padStart(10))].join('  ');
  const signed = (ms: number) => `${ms < 0 ? '' : '+'}${ms.toFixed(1)}`;
  const rows = Object.entries(figures).map(([name, { step, forward, stepMore, forwardMore }]) =>
    line(name, step.toFixed(1), signed(stepMore), forward.toFixed(1), signed(forwardMore)),
  );
  return [line('', 'step ms', 'more', 'forward ms', 'more'), ...rows].join('\n');
}
