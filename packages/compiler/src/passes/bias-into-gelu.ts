import { type Graph, makersOf, type Node, readersOf, type ValueId } from '../graph.ts';

/**
 * In inference a dense layer's bias is added inside of the gelu that follows, in the pass that gelu makes anyway; a Gemm with
 * a bias first writes the bias to every row. In training the gradient reads the sum, and nothing changes.
 */
export function biasIntoGelu(graph: Graph): Graph {
  const makers = makersOf(graph);
  const readers = readersOf(graph);
  const results = new Set(graph.outputs);
  const onlyReader = (id: ValueId): boolean => readers.get(id)?.length === 1 && !results.has(id);
  const bare = new Map<Node, Node>();

  /** The product that alone makes `x`, perhaps reshaped on the way, if its bias is a row. */
  const productOf = (x: ValueId): Node | undefined => {
    if (!onlyReader(x)) return undefined;
    const maker = makers.get(x);
    if (maker?.kernel === 'Reshape') {
      const same = graph.values[x]!.shape.at(-1) === graph.values[maker.inputs['x']!]!.shape.at(-1);
      return same ? productOf(maker.inputs['x']!) : undefined;
    }
    const bias = maker?.kernel === '_FusedMatMul' ? maker.inputs['bias'] : undefined;
    return bias !== undefined && graph.values[bias]!.shape.length === 1 ? maker : undefined;
  };

  const nodes = graph.nodes.map((node): Node => {
    const product = node.kernel === 'GmlpGelu' && node.attrs['approximate'] !== 'tanh' ? productOf(node.inputs['x']!) : undefined;
    if (!product) return node;
    const { bias, ...operands } = product.inputs as { a: ValueId; b: ValueId; bias: ValueId };
    bare.set(product, { ...product, kernel: 'BatchMatMul', inputs: operands });
    return { ...node, kernel: 'GmlpBiasGelu', inputs: { ...node.inputs, bias } };
  });
  return { ...graph, nodes: nodes.map((node) => bare.get(node) ?? node) };
}
