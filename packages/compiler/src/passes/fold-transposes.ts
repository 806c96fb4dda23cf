import { type Graph, makersOf, type Node } from '../graph.ts';

/** A product of a transposed matrix reads the matrix itself and transposes on the way: one pass over memory fewer. */
export function foldTransposes(graph: Graph): Graph {
  const makers = makersOf(graph);
  const fold = (node: Node, name: 'a' | 'b', flag: 'transposeA' | 'transposeB'): Node => {
    const id = node.inputs[name]!;
    const maker = makers.get(id);
    if (maker?.kernel === 'Transpose' && swapsLastTwo(maker.attrs['perm'])) {
      return {
        ...node,
        inputs: { ...node.inputs, [name]: maker.inputs['x']! },
        attrs: { ...node.attrs, [flag]: !node.attrs[flag] },
      };
    }
    // [1, n, n] made of a transposed [n, n]: the same, one axis deeper.
    const inner = maker?.kernel === 'Reshape' ? makers.get(maker.inputs['x']!) : undefined;
    const shape = graph.values[id]!.shape;
    if (inner?.kernel === 'Transpose' && shape.length === 3 && shape[0] === 1 && swapsLastTwo(inner.attrs['perm'])) {
      const source = graph.values[inner.inputs['x']!]!.shape;
      if (source.length === 2 && source[1] === shape[1] && source[0] === shape[2]) {
        return {
          ...node,
          inputs: { ...node.inputs, [name]: inner.inputs['x']! },
          attrs: { ...node.attrs, [flag]: !node.attrs[flag] },
        };
      }
    }
    return node;
  };
  const isProduct = ({ kernel }: Node) => kernel === 'BatchMatMul' || kernel === '_FusedMatMul';
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (isProduct(node) ? fold(fold(node, 'a', 'transposeA'), 'b', 'transposeB') : node)),
  };
}

function swapsLastTwo(perm: unknown): boolean {
  const axes = perm as number[];
  const rank = axes.length;
  return axes.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
}
