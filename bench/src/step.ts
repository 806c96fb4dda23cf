/**
 * `bench step`: one training step and one forward of the same model on several sides, each in its own process. The sides take
 * turns, so that whatever else the machine does hits all alike; the slow ones take fewer. Before anything is timed, the sides
 * must agree on what they compute.
 */
import { fileURLToPath } from 'node:url';
import type { BenchSize } from './bench-size.ts';
import { type Answer, type SideProcess, startSide } from './side-process.ts';
import type { Side, SideTimes, StepReport } from './step-report.ts';
import { removeTask, writeTask } from './task-folder.ts';

export interface StepOptions {
  readonly size: BenchSize;
  readonly rounds: number;
  /** The Python that has torch; without one there is no PyTorch side. */
  readonly python: string | undefined;
  readonly log: (line: string) => void;
}

interface Plan {
  readonly side: Side;
  readonly program: string;
  readonly args: readonly string[];
  readonly rounds: number;
  readonly warmups: number;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function plans({ size, rounds, python }: StepOptions): Plan[] {
  const fast = { rounds, warmups: 3 };
  const slow = { rounds: Math.min(rounds, size.slowRounds), warmups: 1 };
  const node = process.execPath;
  return [
    { side: 'gmlp', program: node, args: [file('gmlp.js'), 'ort-cpu'], ...fast },
    ...(python ? [{ side: 'pytorch' as const, program: python, args: [file('../baselines/pytorch.py')], ...fast }] : []),
    { side: 'gmlpOnWasm', program: node, args: [file('gmlp.js'), 'tfjs-wasm'], ...slow },
    { side: 'tfjsWasm', program: node, args: [file('tfjs-wasm.js')], ...slow },
  ];
}

async function start({ side, program, args }: Plan, folder: string): Promise<SideProcess> {
  const [script, ...rest] = args as [string, ...string[]];
  return startSide(side, program, [script, folder, ...rest]);
}

/** Lets the threads of the side that was just measured stop spinning before the next one's turn. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

export async function measureStep(options: StepOptions): Promise<StepReport> {
  const { task, traceBlocks, traceRuns } = options.size;
  const folder = await writeTask(task, 1);
  const deepFolder = await writeTask({ ...task, blocks: traceBlocks }, 1);
  try {
    const all = plans(options);
    const peaks = new Map<Side, number>();
    for (const plan of all) {
      if (plan.side === 'gmlp' || plan.side === 'pytorch') peaks.set(plan.side, await peakOf(plan, folder, options));
    }
    const traces: number[] = [];
    options.log(`gmlp: tracing ${traceBlocks} blocks`);
    for (let run = 0; run < traceRuns; run++) traces.push(await timeOfTrace(deepFolder));
    const times = await takeTurns(all, folder, options);
    return { task, traceBlocks, times, peaks, traces };
  } finally {
    await removeTask(folder);
    await removeTask(deepFolder);
  }
}

/** The most memory that a side's process held over a few steps, with nothing else measured in it. */
async function peakOf(plan: Plan, folder: string, { size: { peakSteps }, log }: StepOptions): Promise<number> {
  log(`${plan.side}: peak memory of ${peakSteps} steps`);
  const process = await start(plan, folder);
  for (let step = 0; step < peakSteps; step++) await process.ask('step');
  const { megabytes } = await process.ask('peak');
  await process.exit();
  return megabytes;
}

/** In a process of its own, as a user's first call finds it. */
async function timeOfTrace(folder: string): Promise<number> {
  const child = await startSide('trace', process.execPath, [file('gmlp.js'), folder, 'trace']);
  const { ms } = await child.ask('trace');
  await child.exit();
  return ms;
}

async function takeTurns(all: readonly Plan[], folder: string, { rounds, log }: StepOptions): Promise<Map<Side, SideTimes>> {
  const sides: { plan: Plan; process: SideProcess }[] = [];
  const times = new Map<Side, SideTimes>();
  try {
    for (const plan of all) sides.push({ plan, process: await start(plan, folder) });
    const first: FirstAnswers[] = [];
    for (const { plan, process } of sides) {
      log(`${plan.side}: warming up`);
      const forward = await process.ask('forward');
      const steps: Answer[] = [];
      for (let step = 0; step < plan.warmups; step++) steps.push(await process.ask('step'));
      first.push({ side: plan.side, forward, steps });
      await process.ask('product');
      times.set(plan.side, { step: [], forward: [], product: [], update: [] });
      await settle();
    }
    expectAgreement(first);
    for (let round = 0; round < rounds; round++) {
      log(`round ${round + 1} of ${rounds}`);
      for (const command of ['step', 'forward', 'product'] as const) {
        for (const { plan, process } of sides.filter((each) => round < each.plan.rounds)) {
          const { ms, updateMs } = await process.ask(command);
          times.get(plan.side)![command].push(ms);
          if (updateMs !== undefined) times.get(plan.side)!.update.push(updateMs);
          await settle();
        }
      }
    }
  } finally {
    await Promise.all(sides.map(({ process }) => process.exit()));
  }
  return times;
}

/** What a side answered first: to a forward, and to its first steps. */
export interface FirstAnswers {
  readonly side: string;
  readonly forward: Answer;
  readonly steps: readonly Answer[];
}

/** All sides started from the same weights: their first logits and losses must be the same but for rounding. */
export function expectAgreement(first: readonly FirstAnswers[]): void {
  const [reference, ...others] = first;
  const tolerances = [1e-4, 1e-3, 1e-2]; // Adam's first steps divide by small numbers: differences grow
  const differ = (a: number, b: number, tolerance: number) => !(Math.abs(a - b) <= tolerance * Math.abs(b));
  for (const { side, forward, steps } of others) {
    const pair = `bench: ${side} and ${reference!.side} do not compute the same`;
    if (differ(forward.magnitude, reference!.forward.magnitude, tolerances[0]!)) {
      throw new Error(`${pair}: mean |logit| ${forward.magnitude} and ${reference!.forward.magnitude}`);
    }
    for (const [index, { loss }] of steps.entries()) {
      const expected = reference!.steps[index]!.loss;
      if (differ(loss, expected, tolerances[index]!))
        throw new Error(`${pair}: loss of step ${index + 1} is ${loss} and ${expected}`);
    }
  }
}
