import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heapPop, heapPush } from './binary-heap.ts';

const before = (a: number, b: number): boolean => a < b;

test('what was pushed leaves in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const heap: number[] = [];
      for (const item of items) heapPush(heap, item, before);
      const popped = items.map(() => heapPop(heap, before)!);
      expect(popped).toEqual([...items].sort((a, b) => a - b));
      expect(heapPop(heap, before)).toBeUndefined();
    }),
  );
});
