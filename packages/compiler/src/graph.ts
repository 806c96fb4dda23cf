/**
 * The graph between TF.js and ONNX: the kernels that a function called, in order, over values that are known by shape and
 * dtype alone. Plain data; passes return a new list of nodes.
 */
import type { DType, HostArray, Key } from '@gmlp/base';

export type ValueId = number;

export interface Value {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A kernel's attributes as TF.js names them, numbers and lists of numbers mostly. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface Node {
  readonly kernel: string;
  /** TF.js's names for the inputs; lists (Concat, AddN) count from '0'. */
  readonly inputs: Readonly<Record<string, ValueId>>;
  readonly attrs: Attributes;
  readonly outputs: readonly ValueId[];
}

/** Random words that the host computes at each call: `randomWords(resolve(key), size of the value)`. */
export interface RandomInput {
  readonly value: ValueId;
  readonly key: Key;
}

export interface Graph {
  /** Shape and dtype of every value, by id. */
  readonly values: readonly Value[];
  /** The function's tensor arguments, in the order of their leaves. */
  readonly inputs: readonly ValueId[];
  readonly randomInputs: readonly RandomInput[];
  readonly constants: ReadonlyMap<ValueId, HostArray>;
  readonly nodes: readonly Node[];
  /** The function's results, in the order of their leaves. An input or a constant may be one, and one value may come twice. */
  readonly outputs: readonly ValueId[];
}

/** The nodes that read each value. */
export function readersOf(graph: Graph): Map<ValueId, Node[]> {
  const readers = new Map<ValueId, Node[]>();
  for (const node of graph.nodes) {
    for (const id of new Set(Object.values(node.inputs))) {
      const known = readers.get(id);
      if (known) known.push(node);
      else readers.set(id, [node]);
    }
  }
  return readers;
}

/** The node that makes each value. */
export function makersOf(graph: Graph): Map<ValueId, Node> {
  const makers = new Map<ValueId, Node>();
  for (const node of graph.nodes) for (const id of node.outputs) makers.set(id, node);
  return makers;
}
