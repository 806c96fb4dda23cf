/**
 * A graph cut into stages that run one after the other: ONNX graphs, and between them kernels that run on the host
 * (the fused AdamW update). A graph without host kernels is one stage.
 */
import type { Graph, Node, ValueId } from '@gmlp/compiler';

export interface OnnxStage {
  readonly kind: 'onnx';
  readonly graph: Graph;
}

export interface HostStage {
  readonly kind: 'host';
  readonly nodes: readonly Node[];
}

export type Stage = OnnxStage | HostStage;

/** `onHost` says which kernels the host runs; without any, the graph is one stage. */
export function cutIntoStages(graph: Graph, onHost: (kernel: string) => boolean): Stage[] {
  // Even levels are ONNX graphs, odd levels the host's turns.
  const levelOf = new Map<ValueId, number>();
  const byLevel: Node[][] = [];
  for (const node of graph.nodes) {
    const earliest = Math.max(0, ...Object.values(node.inputs).map((id) => levelOf.get(id) ?? 0));
    const level = earliest % 2 === (onHost(node.kernel) ? 1 : 0) ? earliest : earliest + 1;
    for (const id of node.outputs) levelOf.set(id, level);
    byLevel[level] ??= [];
    byLevel[level].push(node);
  }
  return byLevel.flatMap((nodes, level): Stage[] => {
    if (!nodes) return [];
    if (level % 2 === 1) return [{ kind: 'host', nodes }];
    return [{ kind: 'onnx', graph: subgraph(graph, nodes) }];
  });
}

/** The part of a graph that some of its nodes make: what comes from outside becomes inputs, what is read outside outputs. */
function subgraph(graph: Graph, nodes: readonly Node[]): Graph {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const read = new Set(nodes.flatMap((node) => Object.values(node.inputs)));
  const randomInputs = graph.randomInputs.filter(({ value }) => read.has(value));
  const random = new Set(randomInputs.map(({ value }) => value));
  const inside = new Set(nodes);
  const wanted = new Set(graph.outputs);
  for (const node of graph.nodes) if (!inside.has(node)) for (const id of Object.values(node.inputs)) wanted.add(id);
  return {
    values: graph.values,
    inputs: [...read].filter((id) => !made.has(id) && !graph.constants.has(id) && !random.has(id)),
    randomInputs,
    constants: new Map([...graph.constants].filter(([id]) => read.has(id))),
    nodes,
    outputs: [...made].filter((id) => wanted.has(id)),
  };
}
