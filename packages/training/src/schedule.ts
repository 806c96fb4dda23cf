/**
 * Learning rates as pure functions of the step: a linear warm-up to the peak, then a decay to the floor. With w warm-up
 * steps of n in all, steps counted from 1:
 *
 *   rate(s) = peak s / w                                       s <= w
 *   rate(s) = floor + (peak - floor) g((s - 1 - w) / (n - w))  s > w
 *   g(t) = 1 - t (linear: the paper's for language), (1 + cos(pi t)) / 2 (cosine: the paper's for vision)
 *
 * The first step after the warm-up has the peak, and the last one more than the floor: no step is spent on a rate of zero.
 */
import { GmlpError } from '@gmlp/base';

/** The learning rate of a step, the first step being 1. */
export type Schedule = (step: number) => number;

export type Decay = 'linear' | 'cosine' | 'none';

export interface LinearWarmupOptions {
  readonly peak: number;
  readonly warmupSteps: number;
  /** Steps in all, the warm-up among them. */
  readonly steps: number;
  readonly decay?: Decay;
  /** Where the decay ends. */
  readonly floor?: number;
}

const shapes: Record<Decay, (progress: number) => number> = {
  linear: (progress) => 1 - progress,
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
  none: () => 1,
};

export function linearWarmup({ peak, warmupSteps, steps, decay = 'linear', floor = 0 }: LinearWarmupOptions): Schedule {
  const whole = Number.isSafeInteger(warmupSteps) && Number.isSafeInteger(steps);
  if (!whole || warmupSteps < 0 || steps < 1 || warmupSteps > steps) {
    throw new GmlpError(
      'invalid-argument',
      `linearWarmup: expected whole numbers 0 <= warmupSteps <= steps, got warmupSteps ${warmupSteps} and steps ${steps}`,
      { warmupSteps, steps },
    );
  }
  if (!(floor >= 0 && peak >= floor && Number.isFinite(peak))) {
    throw new GmlpError('invalid-argument', `linearWarmup: expected 0 <= floor <= peak, got floor ${floor} and peak ${peak}`, {
      floor,
      peak,
    });
  }
  if (!Object.hasOwn(shapes, decay)) {
    throw new GmlpError(
      'invalid-argument',
      `linearWarmup: expected decay to be one of ${Object.keys(shapes).join(', ')}, got ${String(decay)}`,
      { decay },
    );
  }
  const shape = shapes[decay];
  return (step) => {
    if (step <= warmupSteps) return (peak * step) / Math.max(warmupSteps, 1);
    const progress = Math.min((step - 1 - warmupSteps) / Math.max(steps - warmupSteps, 1), 1);
    return floor + (peak - floor) * shape(progress);
  };
}
