import { type Graph, makersOf, type Node, readersOf } from '../graph.ts';

/**
 * Sums of rows that are added to a table are added to its rows: no table of zeros is made, and no pass over two tables. So the
 * gradient of embeddings that are tied to the logits goes into that of the logits' product.
 */
export function scatterOnto(graph: Graph): Graph {
  const makers = makersOf(graph);
  const readers = readersOf(graph);
  const results = new Set(graph.outputs);
  const absorbed = new Set<Node>();

  const scatterOf = (sum: Node, name: 'a' | 'b'): Node | undefined => {
    const id = sum.inputs[name]!;
    const scatter = makers.get(id);
    if (scatter?.kernel !== 'GmlpScatterAdd' || 'onto' in scatter.inputs) return undefined;
    if (results.has(id) || readers.get(id)!.length !== 1) return undefined;
    const table = sum.inputs[name === 'a' ? 'b' : 'a']!;
    const fits = graph.values[table]!.shape.join() === graph.values[id]!.shape.join();
    return fits && table !== id && !absorbed.has(scatter) ? scatter : undefined;
  };

  const nodes = graph.nodes.map((node): Node => {
    if (node.kernel !== 'Add') return node;
    for (const name of ['a', 'b'] as const) {
      const scatter = scatterOf(node, name);
      if (!scatter) continue;
      absorbed.add(scatter);
      return { ...scatter, inputs: { ...scatter.inputs, onto: node.inputs[name === 'a' ? 'b' : 'a']! }, outputs: node.outputs };
    }
    return node;
  });
  return { ...graph, nodes: nodes.filter((node) => !absorbed.has(node)) };
}
