/** What a traced function costs, from shapes alone. */
import { sizeOf } from '@gmlp/base';
import type { Graph, ValueId } from './graph.ts';
import { kernelRules } from './kernel-rules.ts';
import { trace } from './trace.ts';

export interface CostReport {
  /** Multiply-adds of the matrix products; element-wise work is not counted, as in most papers. */
  readonly multiplyAdds: number;
  /** Bytes of every value that the kernels make, each counted once: an upper bound of what a training step keeps. */
  readonly activationBytes: number;
  /** The most bytes of such values that live at a time when each is freed after its last use; arguments are not counted. */
  readonly peakBytes: number;
  /** Kernel calls, by TF.js name. */
  readonly kernels: Readonly<Record<string, number>>;
}

const bytesPerElement = { float32: 4, int32: 4, uint32: 4, bool: 1 } as const;

/** The cost of a graph. */
export function costReport(graph: Graph): CostReport {
  let multiplyAdds = 0;
  let activationBytes = 0;
  const kernels: Record<string, number> = {};
  for (const node of graph.nodes) {
    kernels[node.kernel] = (kernels[node.kernel] ?? 0) + 1;
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, id]) => [name, graph.values[id]!]));
    multiplyAdds += kernelRules[node.kernel]?.multiplyAdds?.(inputs, node.attrs) ?? 0;
    for (const id of node.outputs) {
      activationBytes += bytesOf(graph, id);
    }
  }
  return { multiplyAdds, activationBytes, peakBytes: peakBytes(graph), kernels };
}

function bytesOf(graph: Graph, id: ValueId): number {
  const { shape, dtype } = graph.values[id]!;
  return sizeOf(shape) * bytesPerElement[dtype];
}

/** Results of the function live to its end; a value that nothing reads is freed at once. */
function peakBytes(graph: Graph): number {
  const { nodes, outputs } = graph;
  const lastReader = new Map<ValueId, number>();
  for (const [index, node] of nodes.entries()) for (const id of Object.values(node.inputs)) lastReader.set(id, index);
  for (const id of outputs) lastReader.set(id, nodes.length);
  const freed = new Map<number, number>();
  let [live, peak] = [0, 0];
  for (const [index, node] of nodes.entries()) {
    for (const id of node.outputs) {
      const bytes = bytesOf(graph, id);
      const last = lastReader.get(id) ?? index;
      live += bytes;
      freed.set(last, (freed.get(last) ?? 0) + bytes);
    }
    peak = Math.max(peak, live);
    live -= freed.get(index) ?? 0;
  }
  return peak;
}

/** The cost of a call of `fn`, given anything with shapes and dtypes: nothing is allocated or run. */
export function costOf(fn: (...args: never[]) => unknown, ...args: readonly unknown[]): CostReport {
  return costReport(trace(fn, args).graph);
}
