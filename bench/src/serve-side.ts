/**
 * The child's end of a side. The parent writes one command a line on stdin; the child answers each with one line `@ {json}`
 * on stdout (whatever else a library prints there is not an answer). See `side-process.ts` for the parent's end.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface StepTimes {
  readonly loss: number;
  /** Milliseconds of the step that were spent in the optimiser, where the side can tell. */
  readonly updateMs?: number;
}

/** What a side can be asked for; a command that it lacks is an error. */
export interface SideFunctions {
  /** One training step; resolves when the new parameters and the loss are there. */
  readonly step?: () => Promise<StepTimes>;
  /** The loss and its gradients alone; resolves when they are there. */
  readonly gradients?: () => Promise<void>;
  /** Logits of one batch with the current parameters; resolves to the mean of their magnitudes. */
  readonly forward?: () => Promise<number>;
  /** Resolves to milliseconds, timed by the side itself. */
  readonly trace?: () => Promise<number>;
  readonly close?: () => Promise<void>;
}

/** The most memory that this process ever held in RAM, in megabytes (10^6 bytes). */
function peakMegabytes(): number {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes) return (Number(kibibytes) * 1024) / 1e6;
  } catch {
    // not Linux
  }
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

/** One number that tells whether two sides computed the same logits. */
export function meanMagnitude(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

function answer(value: object): void {
  process.stdout.write(`@ ${JSON.stringify(value)}\n`);
}

async function obey(side: SideFunctions, command: string): Promise<object> {
  const start = performance.now();
  if (command === 'step' && side.step) {
    const times = await side.step();
    return { ms: performance.now() - start, ...times };
  }
  if (command === 'gradients' && side.gradients) {
    await side.gradients();
    return { ms: performance.now() - start };
  }
  if (command === 'forward' && side.forward) {
    const magnitude = await side.forward();
    return { ms: performance.now() - start, magnitude };
  }
  if (command === 'trace' && side.trace) return { ms: await side.trace() };
  if (command === 'peak') return { megabytes: peakMegabytes() };
  throw new Error(`bench: this side does not know the command ${command}`);
}

export async function serveSide(open: (folder: string) => Promise<SideFunctions>): Promise<void> {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: <side> <task folder>');
  const side = await open(folder);
  answer({ ready: true });
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'exit') break;
    answer(await obey(side, command));
  }
  await side.close?.();
  process.exit(0);
}
