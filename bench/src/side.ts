/** What a side of the step benchmark is, whatever runs it: a process of its own, or a page. */

export interface StepTimes {
  readonly loss: number;
  /** Milliseconds of the step that were spent in the optimiser, where the side can tell. */
  readonly updateMs?: number;
}

/** What a side can be asked for; a command that it lacks is an error. */
export interface SideFunctions {
  /** One training step; resolves when the new parameters and the loss are there. */
  readonly step?: () => Promise<StepTimes>;
  /** The loss, its gradients and their norm alone; resolves when they are there. */
  readonly gradients?: () => Promise<void>;
  /** Logits of one batch with the current parameters; resolves to the mean of their magnitudes. */
  readonly forward?: () => Promise<number>;
  /** Resolves to milliseconds, timed by the side itself. */
  readonly trace?: () => Promise<number>;
  /** The product of the blocks' first dense layer alone; resolves to milliseconds. */
  readonly product?: () => Promise<number>;
  readonly close?: () => Promise<void>;
}

/** One number that tells whether two sides computed the same logits. */
export function meanMagnitude(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

/** The answer to a command: milliseconds, and what they gave. */
export async function obey(side: SideFunctions, command: string): Promise<object> {
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
  if (command === 'product' && side.product) return { ms: await side.product() };
  throw new Error(`bench: this side does not know the command ${command}`);
}
