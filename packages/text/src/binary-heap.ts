/** A priority queue over an array: `before(a, b)` says that a leaves first. Push and pop take O(log n). */
export function heapPush<T>(heap: T[], item: T, before: (a: T, b: T) => boolean): void {
  let hole = heap.length;
  heap.push(item);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!before(item, heap[parent]!)) break;
    heap[hole] = heap[parent]!;
    hole = parent;
  }
  heap[hole] = item;
}

export function heapPop<T>(heap: T[], before: (a: T, b: T) => boolean): T | undefined {
  const first = heap[0];
  const item = heap.pop();
  if (heap.length === 0 || item === undefined) return first;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, item)) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = item;
  return first;
}
