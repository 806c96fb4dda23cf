/**
 * Stochastic depth (Huang and others, 2016): in training a residual branch takes part in a sample's pass with its survival
 * probability p, divided by p so that its mean stays; in use it always does.
 *
 *   branch [batch, ...] -> the same
 */
import { GmlpError, split } from '@gmlp/base';
import { dropPath } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Context } from './module.ts';

export function survive(branch: Tensor, probability: number, { training, key }: Context): Tensor {
  if (!training || probability === 1) return branch;
  if (key === undefined) {
    throw new GmlpError('invalid-argument', 'survive: stochastic depth draws at random in training; pass a key in the context');
  }
  return dropPath(branch, 1 - probability, key);
}

/** The context of a part: its draws are its own. */
export function contextOf(context: Context, part: string | number): Context {
  return context.key === undefined ? context : { ...context, key: split(context.key, part) };
}

/** Whether every block survives alike, or the chance falls evenly from 1 at the first block. */
export type SurvivalSpread = 'equal' | 'falling';

/** The survival probability of each of `layers` blocks; `last` is the last block's. */
export function survivalProbabilities(layers: number, last: number, spread: SurvivalSpread): number[] {
  return Array.from({ length: layers }, (_, layer) =>
    spread === 'equal' ? last : 1 - (1 - last) * (layer / Math.max(layers - 1, 1)),
  );
}
