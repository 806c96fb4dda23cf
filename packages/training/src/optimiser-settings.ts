/** An optimiser and its learning rate as plain data, as a recipe has them. */
import type { Spec } from '@gmlp/layers';
import { adamwOptimiser } from './adamw-optimiser.ts';
import { averaged } from './averaged.ts';
import { clipped } from './clipped.ts';
import { lionOptimiser } from './lion-optimiser.ts';
import type { Optimiser } from './optimiser.ts';
import { type Decay, linearWarmup, type Schedule } from './schedule.ts';
import { sgdOptimiser } from './sgd-optimiser.ts';

/** What every optimiser has: a learning rate with a warm-up, and what is done around it. */
export interface RateSettings {
  /** The learning rate at the end of the warm-up. */
  readonly peakRate: number;
  /** Steps in which the rate rises from 0; no more than all. */
  readonly warmupSteps: number;
  /** How the rate falls to 0 after the warm-up; none: it stays. */
  readonly decay: Decay;
  /** The largest norm of the gradients of a step; null: any. */
  readonly clipNorm: number | null;
  /** The decay of a running average of the parameters; null: none is kept. */
  readonly ema: number | null;
}

/** AdamW, the paper's: two numbers are kept for each parameter. */
export interface AdamWSettings extends RateSettings {
  /** What takes the step. */
  readonly name: 'adamw';
  /** Of dense, embedding and spatial weights; biases and norms have none. */
  readonly weightDecay: number;
  /** What keeps the division by small second moments finite. */
  readonly epsilon: number;
  /** The decays of the first and second moments. */
  readonly betas: readonly [number, number];
}

/** Lion: one number for each parameter; a third to a tenth of AdamW's rate, and as many times its weight decay. */
export interface LionSettings extends RateSettings {
  /** What takes the step. */
  readonly name: 'lion';
  /** Of dense, embedding and spatial weights; biases and norms have none. */
  readonly weightDecay: number;
  /** The decays of the mean of gradients: where it is taken as the direction, and where it is kept. */
  readonly betas: readonly [number, number];
}

/** Stochastic gradient descent: one number for each parameter. */
export interface SgdSettings extends RateSettings {
  /** What takes the step. */
  readonly name: 'sgd';
  /** The part of the last step's velocity that stays. */
  readonly momentum: number;
}

export type OptimiserSettings = AdamWSettings | LionSettings | SgdSettings;

/** What is updated, its gradients clipped, its parameters averaged: each wraps the one before. Its state is of that optimiser's own kind. */
export function optimiserOf<P>(spec: Spec<P>, settings: OptimiserSettings): Optimiser<P, unknown> {
  const { clipNorm, ema } = settings;
  const plain = plainOptimiser(spec, settings);
  const within = clipNorm === null ? plain : clipped(plain, clipNorm);
  return ema === null ? within : averaged(within, ema);
}

function plainOptimiser<P>(spec: Spec<P>, settings: OptimiserSettings): Optimiser<P, unknown> {
  switch (settings.name) {
    case 'adamw': {
      const { weightDecay, epsilon } = settings;
      const [beta1, beta2] = settings.betas;
      return adamwOptimiser<P>(spec, { weightDecay, epsilon, beta1, beta2 });
    }
    case 'lion': {
      const [beta1, beta2] = settings.betas;
      return lionOptimiser<P>(spec, { weightDecay: settings.weightDecay, beta1, beta2 });
    }
    case 'sgd':
      return sgdOptimiser<P>({ momentum: settings.momentum });
  }
}

/** The rate of each of so many steps. */
export function scheduleOf({ peakRate, warmupSteps, decay }: RateSettings, steps: number): Schedule {
  return linearWarmup({ peak: peakRate, warmupSteps, steps, decay });
}
