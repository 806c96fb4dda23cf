import type { Graph, Node, ValueId } from '../graph.ts';

/** Drops nodes whose results nobody reads, and the constants and random words that only they read. */
export function removeUnused(graph: Graph): Graph {
  const needed = new Set<ValueId>(graph.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((id) => needed.has(id))) continue;
    nodes.push(node);
    for (const id of Object.values(node.inputs)) needed.add(id);
  }
  return {
    ...graph,
    nodes: nodes.toReversed(),
    constants: new Map([...graph.constants].filter(([id]) => needed.has(id))),
    randomInputs: graph.randomInputs.filter(({ value }) => needed.has(value)),
  };
}
