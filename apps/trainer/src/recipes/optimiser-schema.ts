/** The settings of the optimisers that a recipe may name, as they are checked: AdamW unless it says another. */
import type { OptimiserSettings } from '@gmlp/training';
import * as z from 'zod/mini';
import { fraction, notNegative, positiveFloat32 } from './numbers.ts';

const rate = {
  peakRate: positiveFloat32,
  warmupSteps: z._default(z.int().check(z.nonnegative()), 0),
  decay: z._default(z.enum(['linear', 'cosine', 'none']), 'linear'),
};
const around = {
  clipNorm: z._default(z.nullable(positiveFloat32), null),
  ema: z._default(z.nullable(fraction), null),
};
const weightDecay = z._default(notNegative, 0.01);
const betas = (first: number, second: number) => z._default(z.tuple([fraction, fraction]), [first, second]);

export type OptimiserName = OptimiserSettings['name'];

export const optimiserSchemas: {
  readonly [Name in OptimiserName]: z.ZodMiniType<Extract<OptimiserSettings, { readonly name: Name }>>;
} = {
  adamw: z.strictObject({
    name: z._default(z.literal('adamw'), 'adamw'),
    ...rate,
    weightDecay,
    epsilon: z._default(positiveFloat32, 1e-6),
    betas: betas(0.9, 0.999),
    ...around,
  }),
  lion: z.strictObject({ name: z.literal('lion'), ...rate, weightDecay, betas: betas(0.9, 0.99), ...around }),
  sgd: z.strictObject({ name: z.literal('sgd'), ...rate, momentum: z._default(fraction, 0.9), ...around }),
};

export const optimiserNames = Object.keys(optimiserSchemas) as [OptimiserName, ...OptimiserName[]];

/** The settings that all of them have, but for their name. */
export const ofEveryOptimiser: ReadonlySet<string> = new Set([...Object.keys(rate), ...Object.keys(around)]);
