import { type Graph, makersOf, type Node, type ValueId } from '../graph.ts';

/**
 * A product with a transposed second matrix reads the matrix itself: Gemm packs its second operand anyway, and transposes on
 * the way for nothing. A transposed first operand is left alone: reading it by columns costs more than transposing it before.
 */
export function foldTransposes(graph: Graph): Graph {
  const makers = makersOf(graph);
  const fold = (node: Node): Node => {
    const source = untransposed(makers, node.inputs['b']!);
    if (source === undefined) return node;
    return { ...node, inputs: { ...node.inputs, b: source }, attrs: { ...node.attrs, transposeB: !node.attrs['transposeB'] } };
  };
  const isProduct = ({ kernel }: Node) => kernel === 'BatchMatMul' || kernel === '_FusedMatMul';
  return { ...graph, nodes: graph.nodes.map((node) => (isProduct(node) ? fold(node) : node)) };
}

/** The matrix (or batch of matrices) that `id` is the transpose of. */
function untransposed(makers: ReadonlyMap<ValueId, Node>, id: ValueId): ValueId | undefined {
  const maker = makers.get(id);
  return maker?.kernel === 'Transpose' && swapsLastTwo(maker.attrs['perm'] as number[]) ? maker.inputs['x'] : undefined;
}

function swapsLastTwo(axes: readonly number[]): boolean {
  const rank = axes.length;
  return axes.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
}
