import type { MapLeaves } from '@gmlp/base';
import { decayed, type Spec } from '@gmlp/layers';
import { type AdamWOptions, type AdamWState, adamw, adamwInit } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Optimiser } from './optimiser.ts';

/** AdamW over the parameters of a spec, which says what decays. */
export function adamwOptimiser<P>(
  spec: Spec<P>,
  options: Omit<AdamWOptions<P>, 'decayed' | 'scale'> = {},
): Optimiser<P, AdamWState<P>> {
  const decays = decayed(spec) as unknown as MapLeaves<P, Tensor, boolean>;
  return {
    init: (params) => adamwInit(params),
    update: (params, state, gradients, { rate, scale }) =>
      adamw(params, state, gradients, rate, { ...options, decayed: decays, scale }),
  };
}
