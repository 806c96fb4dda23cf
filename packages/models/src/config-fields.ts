/** Fields that the schemas of many families have. */
import type { GeluForm } from '@gmlp/ops';
import * as z from 'zod/mini';

export type Field<T> = z.ZodMiniType<T, T>;
export type Defaulted<T> = z.ZodMiniDefault<Field<T>>;

export const count: Field<number> = z.int().check(z.positive());

/** Each block is listed in the spec. */
export const layersField: Field<number> = z.int().check(z.positive(), z.maximum(10_000));

export const activationField: Defaulted<GeluForm> = z._default(z.enum(['erf', 'tanh']), 'erf');

/** Of dropout. */
export const rateField: Defaulted<number> = z._default(z.number().check(z.nonnegative(), z.lt(1)), 0);

export const survivalField: Defaulted<number> = z._default(z.number().check(z.positive(), z.maximum(1)), 1);

export function epsilonField(epsilon: number): Defaulted<number> {
  return z._default(z.number().check(z.positive()), epsilon);
}

/** A check of a schema: the heads of attention share the channels. */
export const headsShareChannels: z.core.$ZodCheck<{ readonly channels: number; readonly heads: number }> = z.refine(
  ({ channels, heads }) => channels % heads === 0,
  { path: ['heads'], error: 'the heads share the channels: a divisor of channels is needed' },
);
