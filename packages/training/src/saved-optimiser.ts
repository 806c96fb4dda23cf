/** The state of an optimiser as named arrays, and back: what a checkpoint holds. An average of the parameters has a place of its own. */
import type { HostArray } from '@gmlp/base';
import { loadStrict, parameter, type Spec, toNamed } from '@gmlp/layers';
import type { AveragedState } from './averaged.ts';
import type { OptimiserSettings } from './optimiser-settings.ts';

export interface SavedOptimiser {
  readonly optimiser: ReadonlyMap<string, HostArray>;
  readonly ema?: ReadonlyMap<string, HostArray>;
}

/** Of a state whose tensors were read to the host. */
export function savedOptimiser(state: unknown, { ema }: Pick<OptimiserSettings, 'ema'>): SavedOptimiser {
  if (ema === null) return { optimiser: toNamed<HostArray>(state) };
  const { inner, average } = state as AveragedState<unknown, unknown>;
  return { optimiser: toNamed<HostArray>(inner), ema: toNamed<HostArray>(average) };
}

/** The inverse: refuses what is not the state of such an optimiser. An average that was not kept before begins as the parameters are. */
export function loadedOptimiser<P>(
  spec: Spec<P>,
  { model, optimiser, ema }: SavedOptimiser & { readonly model: ReadonlyMap<string, HostArray> },
  settings: OptimiserSettings,
): unknown {
  const inner = loadStrict(stateSpec(spec, settings), optimiser);
  return settings.ema === null ? inner : { inner, average: loadStrict(spec, ema ?? model) };
}

function stateSpec<P>(spec: Spec<P>, { name }: OptimiserSettings): unknown {
  const step = parameter([], { kind: 'constant', value: 0 }, { decay: false });
  switch (name) {
    case 'adamw':
      return { step, mean: spec, variance: spec };
    case 'lion':
      return { step, mean: spec };
    case 'sgd':
      return { step, velocity: spec };
  }
}
