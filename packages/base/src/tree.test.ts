import { expect, expectTypeOf, test } from 'vitest';
import { hostArray } from './array.ts';
import { flattenTree, isLeaf, leafMarker, leavesOf, type MapLeaves, mapTree, pathName, withLeaves, zipTrees } from './tree.ts';

class Leaf {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
const tree = { embed: new Leaf(1), blocks: [{ gate: { weight: new Leaf(2) } }, { gate: { weight: new Leaf(3) } }] };

test('a tree is flattened with paths, in the order in which it was written', () => {
  expect(flattenTree<Leaf>(tree).map(({ path, leaf }) => [pathName(path), leaf.value])).toEqual([
    ['embed', 1],
    ['blocks.0.gate.weight', 2],
    ['blocks.1.gate.weight', 3],
  ]);
});

test('mapping keeps the structure, in values and in types', () => {
  const doubled = mapTree<Leaf, number, typeof tree>(tree, (leaf) => leaf.value * 2);
  expect(doubled).toEqual({ embed: 2, blocks: [{ gate: { weight: 4 } }, { gate: { weight: 6 } }] });
  expectTypeOf(doubled).toEqualTypeOf<{ embed: number; blocks: { gate: { weight: number } }[] }>();
  expectTypeOf<MapLeaves<[Leaf, { a: Leaf }], Leaf, string>>().toEqualTypeOf<[string, { a: string }]>();
});

test('withLeaves is the inverse of leavesOf', () => {
  expect(withLeaves<Leaf, Leaf, typeof tree>(tree, leavesOf<Leaf>(tree))).toEqual(tree);
  expect(() => withLeaves(tree, [1])).toThrow('the tree has 3 leaves, got 1');
});

test('host arrays and marked objects are leaves, undefined is nothing', () => {
  expect(isLeaf(hostArray('float32', [1], new Float32Array(1)))).toBe(true);
  expect(isLeaf({ [leafMarker]: 'parameter', shape: [1] })).toBe(true);
  expect(isLeaf({ a: 1 })).toBe(false);
  expect(flattenTree({ a: undefined, b: 1 })).toEqual([{ path: ['b'], leaf: 1 }]);
});

test('trees of different structure do not zip, and the first difference is named', () => {
  expect(zipTrees<number, number, { a: number }>([{ a: 1 }, { a: 2 }], ([x, y]) => x! + y!)).toEqual({ a: 3 });
  expect(() => zipTrees([{ a: 1 }, { b: 2 }], () => 0)).toThrow('expected a leaf at a, got b');
  expect(() => zipTrees([{ a: 1 }, { a: 2, b: 2 }], () => 0)).toThrow('expected a leaf at nothing more, got b');
});

test('a name of an object prototype is a plain name', () => {
  const hostile = JSON.parse('{"__proto__": 1, "constructor": 2}');
  expect(flattenTree(hostile).map(({ path }) => pathName(path))).toEqual(['__proto__', 'constructor']);
});
