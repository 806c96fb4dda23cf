/** Numbers of a recipe. Devices take them as float32: rounded to 0, to 1 or to infinity a setting would be another one. */
import * as z from 'zod/mini';

export const notNegative = z.number().check(z.nonnegative());

const rounded = (holds: (value: number) => boolean, expected: string): z.core.$ZodCheck<number> =>
  z.refine((value) => holds(Math.fround(value)), { error: ({ input }) => `expected ${expected} as float32, got ${input}` });

export const positiveFloat32 = z.number().check(
  z.positive({ abort: true }),
  rounded((value) => value > 0 && Number.isFinite(value), 'more than 0 and no infinity'),
);

export const fraction = z.number().check(
  z.nonnegative(),
  z.lt(1, { abort: true }),
  rounded((value) => value < 1, 'less than 1'),
);
