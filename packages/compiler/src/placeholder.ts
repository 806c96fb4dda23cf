import { type DType, leafMarker } from '@gmlp/base';
import type { Value } from './graph.ts';

/** An argument that is only described: enough to trace a function or to count its cost. */
export interface Placeholder extends Value {
  readonly [leafMarker]: 'placeholder';
}

export function placeholder(dtype: DType, shape: readonly number[]): Placeholder {
  return { [leafMarker]: 'placeholder', dtype, shape };
}
