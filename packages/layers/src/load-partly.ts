/** Loading what fits by name, by choice; `loadStrict` is for whole models. */
import { type HostArray, type MapLeaves, mapTree, pathName } from '@gmlp/base';
import type { Parameter } from './module.ts';
import { expectParameters, toNamed } from './parameters.ts';

export interface PartlyLoaded<S> {
  readonly params: MapLeaves<S, Parameter, HostArray>;
  /** The names of parameters that no array had: they have the values that were given. */
  readonly kept: readonly string[];
  /** The names of arrays that the spec has no parameter for. */
  readonly unused: readonly string[];
}

/**
 * The tree of a spec filled from named arrays where they have its names, and from `values` (of `initialValues`, say) elsewhere. An
 * array of another shape or type is an error that names all such, as in `loadStrict`.
 */
export function loadPartly<S>(
  spec: S,
  named: ReadonlyMap<string, HostArray>,
  values: MapLeaves<S, Parameter, HostArray>,
): PartlyLoaded<S> {
  const given = toNamed<HostArray>(values);
  const filled = new Map([...given].map(([name, value]) => [name, named.get(name) ?? value]));
  expectParameters('loadPartly: the weights do not fit this model', spec, filled);
  return {
    params: mapTree<Parameter, HostArray, S>(spec, (_, path) => filled.get(pathName(path))!),
    kept: [...given.keys()].filter((name) => !named.has(name)),
    unused: [...named.keys()].filter((name) => !given.has(name)),
  };
}
