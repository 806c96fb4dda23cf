/** The memory of all typed arrays in a value of objects, arrays and maps, each once: what may move to another thread. */
import type { TransferListItem } from 'node:worker_threads';

export function transferables(value: unknown): TransferListItem[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (ArrayBuffer.isView(node)) {
      if (node.buffer instanceof ArrayBuffer) buffers.add(node.buffer);
      return;
    }
    const children: Iterable<unknown> = node instanceof Map || Array.isArray(node) ? node.values() : Object.values(node);
    for (const child of children) visit(child);
  };
  visit(value);
  return [...buffers];
}
