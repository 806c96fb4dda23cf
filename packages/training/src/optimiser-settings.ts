/** An optimiser and its learning rate as plain data, as a recipe has them. */
import type { Spec } from '@gmlp/layers';
import type { AdamWState } from '@gmlp/ops';
import { adamwOptimiser } from './adamw-optimiser.ts';
import { clipped } from './clipped.ts';
import type { Optimiser } from './optimiser.ts';
import { type Decay, linearWarmup, type Schedule } from './schedule.ts';

/** AdamW with a warm-up. */
export interface OptimiserSettings {
  /** The learning rate at the end of the warm-up. */
  readonly peakRate: number;
  /** Steps in which the rate rises from 0; no more than all. */
  readonly warmupSteps: number;
  /** How the rate falls to 0 after the warm-up; none: it stays. */
  readonly decay: Decay;
  /** Of dense, embedding and spatial weights; biases and norms have none. */
  readonly weightDecay: number;
  /** What keeps the division by small second moments finite. */
  readonly epsilon: number;
  /** The decays of the first and second moments. */
  readonly betas: readonly [number, number];
  /** The largest norm of the gradients of a step; null: any. */
  readonly clipNorm: number | null;
  /** The decay of a running average of the parameters; null: none is kept. */
  readonly ema: number | null;
}

export function optimiserOf<P>(spec: Spec<P>, settings: OptimiserSettings): Optimiser<P, AdamWState<P>> {
  const { weightDecay, epsilon, betas, clipNorm } = settings;
  const [beta1, beta2] = betas;
  const adamw = adamwOptimiser<P>(spec, { weightDecay, epsilon, beta1, beta2 });
  return clipNorm === null ? adamw : clipped(adamw, clipNorm);
}

/** The rate of each of so many steps. */
export function scheduleOf({ peakRate, warmupSteps, decay }: OptimiserSettings, steps: number): Schedule {
  return linearWarmup({ peak: peakRate, warmupSteps, steps, decay });
}
