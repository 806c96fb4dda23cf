import type { MapLeaves } from '@gmlp/base';
import { decayed, type Spec } from '@gmlp/layers';
import { type LionOptions, type LionState, lion, lionInit } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Optimiser } from './optimiser.ts';

/** Lion over the parameters of a spec, which says what decays. */
export function lionOptimiser<P>(
  spec: Spec<P>,
  options: Omit<LionOptions<P>, 'decayed' | 'scale'> = {},
): Optimiser<P, LionState<P>> {
  const decays = decayed(spec) as unknown as MapLeaves<P, Tensor, boolean>;
  return {
    init: (params) => lionInit(params),
    update: (params, state, gradients, { rate, scale }) =>
      lion(params, state, gradients, rate, { ...options, decayed: decays, scale }),
  };
}
