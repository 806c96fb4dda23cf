/**
 * Dropout (Srivastava and others, 2014): in training each element is zeroed with probability `rate`, the others are divided
 * by 1 - rate; in use it is the identity.
 *
 *   x [...] -> the same
 */
import { GmlpError, type Key } from '@gmlp/base';
import { dropout as dropoutOp } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Context } from './module.ts';

export function dropout(x: Tensor, rate: number, context: Context): Tensor {
  const drop = activeDropout(rate, context);
  return drop ? dropoutOp(x, drop.rate, drop.key) : x;
}

/** What is dropped at random now, or nothing: in use, or at a rate of 0. */
export function activeDropout(
  rate: number,
  { training, key }: Context,
): { readonly rate: number; readonly key: Key } | undefined {
  if (!training || rate === 0) return undefined;
  if (key === undefined) {
    throw new GmlpError('invalid-argument', 'dropout: it draws at random in training; pass a key in the context', { rate });
  }
  return { rate, key };
}
