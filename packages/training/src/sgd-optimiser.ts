import { type SgdState, sgd, sgdInit } from '@gmlp/ops';
import type { Optimiser } from './optimiser.ts';

/** Stochastic gradient descent, with momentum unless it is left out. */
export function sgdOptimiser<P>({ momentum = 0 }: { readonly momentum?: number } = {}): Optimiser<P, SgdState<P>> {
  return {
    init: (params) => sgdInit(params),
    update: (params, state, gradients, { rate, scale }) => sgd(params, state, gradients, rate, { momentum, scale }),
  };
}
