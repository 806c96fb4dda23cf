/**
 * A tree is nested plain objects and arrays with leaves of one kind at the ends: parameters, gradients, optimiser state,
 * batches. A leaf is whatever is neither an array nor a plain object, plus what `isLeaf` says (host arrays, specs).
 * Object keys are visited in the order in which they were written, so two trees built alike flatten alike.
 */
import { isHostArray } from './array.ts';
import { GmlpError } from './errors.ts';

/** The same structure with every leaf of type `From` replaced by `To`. */
export type MapLeaves<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[]
    ? { [K in keyof T]: MapLeaves<T[K], From, To> }
    : T extends object
      ? { [K in keyof T]: MapLeaves<T[K], From, To> }
      : T;

/** Where a leaf sits: `['blocks', 3, 'gate', 'weight']`. */
export type TreePath = readonly (string | number)[];

/** Marks an object as a leaf although it is plain: specs of parameters carry it. */
export const leafMarker: unique symbol = Symbol.for('gmlp.leaf') as never;

/** Whether a value ends a tree: anything but arrays and plain objects, and those that are marked or host arrays. */
export function isLeaf(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return false;
  if (leafMarker in value || isHostArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}

function visit(node: unknown, path: TreePath, leaf: (value: unknown, path: TreePath) => unknown): unknown {
  if (node === undefined) return undefined;
  if (isLeaf(node)) return leaf(node, path);
  if (Array.isArray(node)) return node.map((child, index) => visit(child, [...path, index], leaf));
  const result: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(node as object)) {
    if (child !== undefined) result[name] = visit(child, [...path, name], leaf);
  }
  return result;
}

/** Applies `fn` to every leaf and keeps the structure. The leaf's type is stated by the caller: `mapTree<tf.Tensor, number, P>`. */
export function mapTree<From, To, T>(tree: T, fn: (leaf: From, path: TreePath) => To): MapLeaves<T, From, To> {
  return visit(tree, [], (leaf, path) => fn(leaf as From, path)) as MapLeaves<T, From, To>;
}

/** The leaves with their paths, in order. */
export function flattenTree<Leaf>(tree: unknown): { readonly path: TreePath; readonly leaf: Leaf }[] {
  const entries: { path: TreePath; leaf: Leaf }[] = [];
  visit(tree, [], (leaf, path) => entries.push({ path, leaf: leaf as Leaf }));
  return entries;
}

/** The leaves alone, in order. */
export function leavesOf<Leaf>(tree: unknown): Leaf[] {
  return flattenTree<Leaf>(tree).map((entry) => entry.leaf);
}

/** The structure of `tree` with the given leaves in its place, in order: the inverse of `leavesOf`. */
export function withLeaves<From, To, T>(tree: T, leaves: readonly To[]): MapLeaves<T, From, To> {
  let next = 0;
  const result = visit(tree, [], () => leaves[next++]);
  if (next !== leaves.length) {
    throw new GmlpError('invalid-argument', `withLeaves: the tree has ${next} leaves, got ${leaves.length}`);
  }
  return result as MapLeaves<T, From, To>;
}

/** A path as it is written in files: `blocks.3.gate.weight`. */
export function pathName(path: TreePath): string {
  return path.join('.');
}

/** Two or more trees of one structure, leaf by leaf. Throws when the structures differ, naming the first difference. */
export function zipTrees<From, To, T>(
  trees: readonly [T, ...unknown[]],
  fn: (leaves: From[], path: TreePath) => To,
): MapLeaves<T, From, To> {
  const flat = trees.map((tree) => flattenTree<From>(tree));
  const [first, ...others] = flat as [{ path: TreePath; leaf: From }[], ...{ path: TreePath; leaf: From }[][]];
  for (const other of others) {
    const count = Math.max(first.length, other.length);
    for (let i = 0; i < count; i++) {
      const expected = first[i] && pathName(first[i]!.path);
      const actual = other[i] && pathName(other[i]!.path);
      if (expected !== actual) {
        throw new GmlpError(
          'name-mismatch',
          `zipTrees: expected a leaf at ${expected ?? 'nothing more'}, got ${actual ?? 'nothing'}`,
        );
      }
    }
  }
  const leaves = first.map((entry, i) =>
    fn(
      flat.map((entries) => entries[i]!.leaf),
      entry.path,
    ),
  );
  return withLeaves<From, To, T>(trees[0], leaves);
}
