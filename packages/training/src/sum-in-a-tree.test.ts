import { key, randomNormal } from '@gmlp/base';
import { expect, it } from 'vitest';
import { type Subtree, sumOfTrees, withPart } from './sum-in-a-tree.ts';

async function fold<T>(parts: readonly T[], add: (a: T, b: T) => T): Promise<{ sum: T; most: number }> {
  let trees: readonly Subtree<T>[] = [];
  let most = 0;
  for (const part of parts) {
    trees = await withPart(trees, part, async (a, b) => add(a, b));
    most = Math.max(most, trees.length);
  }
  return { sum: await sumOfTrees(trees, async (a, b) => add(a, b)), most };
}

/** The definition. */
function expected<T>(parts: readonly T[], add: (a: T, b: T) => T): T {
  if (parts.length === 1) return parts[0]!;
  let left = 1;
  while (2 * left < parts.length) left *= 2;
  return add(expected(parts.slice(0, left), add), expected(parts.slice(left), add));
}

it('brackets parts by their numbers', async () => {
  const names = [...'abcdefg'];
  const add = (a: string, b: string): string => `(${a}${b})`;
  expect((await fold(names, add)).sum).toBe('(((ab)(cd))((ef)g))');
  for (let count = 1; count <= 33; count++) {
    const some = Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));
    expect((await fold(some, add)).sum).toBe(expected(some, add));
  }
});

it('gives the same float32 sum for a half of the parts summed elsewhere, where one after the other does not', async () => {
  const parts = [...randomNormal(key(1), 16)];
  const add = (a: number, b: number): number => Math.fround(a + b);
  const halves = [await fold(parts.slice(0, 8), add), await fold(parts.slice(8), add)];
  const { sum, most } = await fold(parts, add);
  expect(sum).toBe(add(halves[0]!.sum, halves[1]!.sum));
  expect(sum).not.toBe(parts.reduce(add));
  expect(most).toBe(4); // of 15 parts: 8, 4, 2 and 1
});
