/** What follows from a spec alone: initial values, counts, decay masks, names and strict loading. */
import {
  flattenTree,
  GmlpError,
  type HostArray,
  hostArray,
  type Key,
  listedNames,
  type MapLeaves,
  mapTree,
  pathName,
  sizeOf,
  split,
} from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { draw } from './initialisers.ts';
import type { Parameter, TensorsOf } from './module.ts';

/** Initial values in the host's memory. Each depends on the key and its own name only, so adding a layer changes no other. */
export function initialValues<S>(spec: S, key: Key): MapLeaves<S, Parameter, HostArray> {
  return mapTree<Parameter, HostArray, S>(spec, ({ shape, dtype, initialiser }, path) =>
    hostArray(dtype, shape, draw(initialiser, shape, split(key, pathName(path)))),
  );
}

/** Initial values as tensors of the active backend. */
export function init<S>(spec: S, key: Key): TensorsOf<S> {
  return mapTree<Parameter, tf.Tensor, S>(spec, ({ shape, dtype, initialiser }, path) =>
    tf.tensor(draw(initialiser, shape, split(key, pathName(path))), [...shape], dtype),
  );
}

/** How many numbers a module learns; allocates nothing. */
export function countParameters(spec: unknown): number {
  return flattenTree<Parameter>(spec).reduce((sum, { leaf }) => sum + sizeOf(leaf.shape), 0);
}

/** Which parameters weight decay applies to, as a tree of the same structure. */
export function decayed<S>(spec: S): MapLeaves<S, Parameter, boolean> {
  return mapTree<Parameter, boolean, S>(spec, ({ decay }) => decay);
}

/** The leaves of any tree by the names that files give them, in order. */
export function toNamed<Leaf>(tree: unknown): Map<string, Leaf> {
  return new Map(flattenTree<Leaf>(tree).map(({ path, leaf }) => [pathName(path), leaf]));
}

/** Throws an error that begins with `heading` and names all that does not match the spec. Types count where they are given. */
export function expectParameters(
  heading: string,
  spec: unknown,
  found: ReadonlyMap<string, { readonly shape: readonly number[]; readonly dtype?: string }>,
): void {
  const expected = toNamed<Parameter>(spec);
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const unexpected = [...found.keys()].filter((name) => !expected.has(name));
  const misshapen = [...expected].flatMap(([name, wanted]) => {
    const array = found.get(name);
    if (array === undefined) return [];
    const shown = ({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype?: string }): string =>
      `${array.dtype === undefined ? '' : `${dtype} `}[${shape.join(', ')}]`;
    return shown(array) === shown(wanted) ? [] : [`${name} is ${shown(array)}, expected ${shown(wanted)}`];
  });
  const problems = [
    missing.length > 0 ? `missing: ${listedNames(missing)}` : '',
    unexpected.length > 0 ? `unexpected: ${listedNames(unexpected)}` : '',
    misshapen.length > 0 ? `of another shape: ${listedNames(misshapen, '; ')}` : '',
  ].filter(Boolean);
  if (problems.length === 0) return;
  const code = missing.length + unexpected.length > 0 ? 'name-mismatch' : 'shape-mismatch';
  throw new GmlpError(code, `${heading}\n  ${problems.join('\n  ')}`, { missing, unexpected, misshapen });
}

/** The tree of a spec filled from named arrays. All that does not match is named in one error: nothing is guessed. */
export function loadStrict<S>(spec: S, named: ReadonlyMap<string, HostArray>): MapLeaves<S, Parameter, HostArray> {
  expectParameters("loadStrict: the weights are not this model's", spec, named);
  return mapTree<Parameter, HostArray, S>(spec, (_, path) => named.get(pathName(path))!);
}
