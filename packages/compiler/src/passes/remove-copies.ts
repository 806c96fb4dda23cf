import { sameShape } from '@gmlp/base';
import { type Graph, makersOf, type Node, type ValueId } from '../graph.ts';

/**
 * Drops nodes that change nothing (a cast to the dtype a value has, a reshape to its shape, a slice of all of it), and makes
 * a reshape of a reshape one: TF.js's gradients are full of them.
 */
export function removeCopies(graph: Graph): Graph {
  const makers = makersOf(graph);
  const source = new Map<ValueId, ValueId>();
  const sourceOf = (id: ValueId): ValueId => source.get(id) ?? id;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, id]) => [name, sourceOf(id)]));
    const x = inputs['x'] ?? inputs['input'];
    if (x !== undefined && changesNothing(graph, node.kernel, x, node.outputs[0]!)) {
      source.set(node.outputs[0]!, x);
      continue;
    }
    const inner = node.kernel === 'Reshape' ? makers.get(x!) : undefined;
    if (inner?.kernel === 'Reshape') nodes.push({ ...node, inputs: { x: sourceOf(inner.inputs['x']!) } });
    else nodes.push({ ...node, inputs });
  }
  return { ...graph, nodes, outputs: graph.outputs.map(sourceOf) };
}

function changesNothing(graph: Graph, kernel: string, x: ValueId, output: ValueId): boolean {
  const [before, after] = [graph.values[x]!, graph.values[output]!];
  if (kernel === 'Cast') return before.dtype === after.dtype;
  return (kernel === 'Reshape' || kernel === 'ExpandDims' || kernel === 'Slice') && sameShape(before.shape, after.shape);
}
