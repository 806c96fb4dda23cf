import { type Graph, makersOf, type Node, readersOf } from '../graph.ts';

/** A bias or matrix added to a two-dimensional product becomes the product's third operand: Gemm adds it in its own pass. */
export function addIntoProduct(graph: Graph): Graph {
  const makers = makersOf(graph);
  const readers = readersOf(graph);
  const results = new Set(graph.outputs);
  const absorbed = new Set<Node>();

  const productOf = (add: Node, name: 'a' | 'b'): Node | undefined => {
    const id = add.inputs[name]!;
    const product = makers.get(id);
    if (product?.kernel !== 'BatchMatMul' || results.has(id) || readers.get(id)!.length !== 1) return undefined;
    const { shape } = graph.values[id]!;
    const addend = graph.values[add.inputs[name === 'a' ? 'b' : 'a']!]!.shape;
    const fits = addend.length === 1 ? addend[0] === shape[1] : addend.length === 2 && addend.every((e, i) => e === shape[i]);
    return shape.length === 2 && fits && add.inputs['a'] !== add.inputs['b'] ? product : undefined;
  };

  const nodes = graph.nodes.map((node): Node => {
    if (node.kernel !== 'Add') return node;
    for (const name of ['a', 'b'] as const) {
      const product = productOf(node, name);
      if (!product) continue;
      absorbed.add(product);
      const bias = node.inputs[name === 'a' ? 'b' : 'a']!;
      return { ...node, kernel: '_FusedMatMul', inputs: { ...product.inputs, bias }, attrs: product.attrs };
    }
    return node;
  });
  return { ...graph, nodes: nodes.filter((node) => !absorbed.has(node)) };
}
