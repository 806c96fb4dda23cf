/**
 * The spatial gating unit splits the channels of one dense layer's output, and its gradient joins them again: two copies of
 * the largest tensor of a block. This pass computes the halves apart from the start: it cuts the columns of the weights
 * instead (small), and everything element-wise in between works on halves.
 *
 *   Split(gelu(x W + b))            ->  gelu(x W_u + b_u), gelu(x W_v + b_v)
 *   Concat(du, dv) W^T              ->  du W_u^T + dv W_v^T
 *   x^T Concat(du, dv), sum of rows ->  Concat(x^T du, x^T dv), Concat(sum du, sum dv)
 */
import { sameShape } from '@gmlp/base';
import { type Graph, makersOf, type Node, readersOf, type Value, type ValueId } from '../graph.ts';

/** Kernels that compute each element of the result from the elements at the same place. */
const elementwise = new Set(['GmlpGelu', 'GmlpGeluGradient', 'Multiply', 'Add', 'Sub', 'Neg', 'Exp', 'Erf', 'Square', 'Tanh']);
const products = new Set(['BatchMatMul', '_FusedMatMul']);

export function splitColumns(graph: Graph): Graph {
  const makers = makersOf(graph);
  const readers = readersOf(graph);
  const tiedByParts = new Map<number, Set<ValueId>>();
  for (const node of graph.nodes) {
    if (!isSplit(node, graph)) continue;
    const parts = node.outputs.length;
    const tied = tiedTo(graph, node.inputs['x']!, parts, makers, readers);
    const known = tiedByParts.get(parts) ?? new Set();
    if (!tied) continue;
    const together = new Set([...known, ...tied]);
    if (!multipliesParts(graph, together)) tiedByParts.set(parts, together);
  }
  return [...tiedByParts].reduce((current, [parts, tied]) => rewrite(current, tied, parts), graph);
}

/** A product of which more than one of a, b and the result is cut would need one of them whole again. */
function multipliesParts(graph: Graph, tied: ReadonlySet<ValueId>): boolean {
  const cut = ({ inputs, outputs }: Node) => [inputs['a']!, inputs['b']!, outputs[0]!].filter((id) => tied.has(id));
  return graph.nodes.some((node) => products.has(node.kernel) && cut(node).length > 1);
}

function isSplit(node: Node, graph: Graph): boolean {
  if (node.kernel !== 'SplitV') return false;
  const parts = node.outputs.map((id) => graph.values[id]!.shape);
  return lastAxis(node.attrs['axis'], graph.values[node.inputs['x']!]!) && parts.every((shape) => sameShape(shape, parts[0]!));
}

function lastAxis(axis: unknown, { shape }: Value): boolean {
  return axis === shape.length - 1 || axis === -1;
}

/** The values whose columns must be cut with those of `seed`, or undefined when a use forbids it or it would not pay. */
function tiedTo(
  graph: Graph,
  seed: ValueId,
  parts: number,
  makers: ReadonlyMap<ValueId, Node>,
  readers: ReadonlyMap<ValueId, readonly Node[]>,
): ReadonlySet<ValueId> | undefined {
  const tied = new Set<ValueId>();
  const pending = [seed];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (tied.has(id)) continue;
    tied.add(id);
    const maker = makers.get(id);
    if (!maker || graph.outputs.includes(id)) return undefined;
    for (const node of [maker, ...(readers.get(id) ?? [])]) {
      const neighbours = tiedNeighbours(graph, node, id, parts);
      if (!neighbours) return undefined;
      pending.push(...neighbours);
    }
  }
  // It only pays when a product makes what is cut.
  return [...tied].some((id) => products.has(makers.get(id)!.kernel)) ? tied : undefined;
}

/** The values whose columns must be cut when those of `id` are, or undefined when `node` cannot work on parts. */
function tiedNeighbours(graph: Graph, node: Node, id: ValueId, parts: number): ValueId[] | undefined {
  const value = graph.values[id]!;
  const { kernel, inputs, outputs, attrs } = node;
  if (elementwise.has(kernel)) {
    const rest = [...Object.values(inputs), ...outputs].filter((other) => other !== id);
    const tied = rest.filter((other) => sameShape(graph.values[other]!.shape, value.shape));
    const broadcast = rest.filter((other) => !tied.includes(other));
    return broadcast.every((other) => (graph.values[other]!.shape.at(-1) ?? 1) === 1 && !outputs.includes(other))
      ? tied
      : undefined;
  }
  if (kernel === 'Reshape') {
    const other = outputs[0] === id ? inputs['x']! : outputs[0]!;
    return graph.values[other]!.shape.at(-1) === value.shape.at(-1) ? [other] : undefined;
  }
  if (kernel === 'SplitV') return inputs['x'] === id && isSplit(node, graph) && outputs.length === parts ? [] : undefined;
  if (kernel === 'Concat') {
    const shapes = Object.values(inputs).map((input) => graph.values[input]!.shape);
    const even = shapes.length === parts && shapes.every((shape) => sameShape(shape, shapes[0]!));
    return outputs[0] === id && even && lastAxis(attrs['axis'], value) ? [] : undefined;
  }
  if (kernel === 'Sum') {
    const axis = attrs['axis'];
    const rows = Array.isArray(axis) ? axis.length === 1 && axis[0] === 0 : axis === 0;
    return inputs['x'] === id && value.shape.length === 2 && rows && attrs['keepDims'] !== true ? [] : undefined;
  }
  if (products.has(kernel) && value.shape.length === 2) {
    const roles = ['a', 'b', 'bias'].filter((name) => inputs[name] === id);
    if (outputs[0] === id) return roles.length === 0 && !attrs['transposeB'] ? [] : undefined;
    if (roles.length !== 1 || inputs['bias'] !== undefined) return undefined;
    if (roles[0] === 'a') return attrs['transposeA'] ? undefined : [];
    return roles[0] === 'b' && !attrs['transposeB'] ? [] : undefined;
  }
  return undefined;
}

function rewrite(graph: Graph, tied: ReadonlySet<ValueId>, parts: number): Graph {
  const values = [...graph.values];
  const nodes: Node[] = [];
  const partsOf = new Map<ValueId, ValueId[]>();
  const renamed = new Map<ValueId, ValueId>();
  const fresh = (shape: readonly number[], like: ValueId): ValueId => values.push({ shape, dtype: values[like]!.dtype }) - 1;
  const each = Array.from({ length: parts }, (_, part) => part);

  const partShape = (id: ValueId): number[] => values[id]!.shape.map((e, axis, all) => (axis === all.length - 1 ? e / parts : e));
  const partsFor = (id: ValueId): ValueId[] => {
    const known = partsOf.get(id);
    if (known) return known;
    const made = each.map(() => fresh(partShape(id), id));
    partsOf.set(id, made);
    return made;
  };
  /** Parts of a value that is not cut itself: split along an axis, once. */
  const pieces = new Map<string, ValueId[]>();
  const piecesOf = (id: ValueId, axis: number): ValueId[] => {
    const name = `${id}:${axis}`;
    const known = pieces.get(name);
    if (known) return known;
    const shape = values[id]!.shape.map((e, i) => (i === axis ? e / parts : e));
    const outputs = each.map(() => fresh(shape, id));
    nodes.push({ kernel: 'SplitV', inputs: { x: id }, attrs: { numOrSizeSplits: parts, axis }, outputs });
    pieces.set(name, outputs);
    return outputs;
  };
  const join = (joined: readonly ValueId[], output: ValueId): void => {
    const inputs = Object.fromEntries(joined.map((id, i) => [String(i), id]));
    nodes.push({ kernel: 'Concat', inputs, attrs: { axis: values[output]!.shape.length - 1 }, outputs: [output] });
  };

  for (const node of graph.nodes) {
    const { kernel, inputs, outputs, attrs } = node;
    const touched = [...Object.values(inputs), ...outputs].some((id) => tied.has(id));
    if (!touched) {
      nodes.push(node);
    } else if (kernel === 'SplitV') {
      for (const [part, id] of outputs.entries()) renamed.set(id, partsFor(inputs['x']!)[part]!);
    } else if (kernel === 'Concat') {
      partsOf.set(
        outputs[0]!,
        Object.values(inputs).map((id) => renamed.get(id) ?? id),
      );
    } else if (kernel === 'Sum') {
      const sums = partsFor(inputs['x']!).map((x) => {
        const output = fresh(partShape(outputs[0]!), outputs[0]!);
        nodes.push({ ...node, inputs: { x }, outputs: [output] });
        return output;
      });
      join(sums, outputs[0]!);
    } else if (products.has(kernel) && tied.has(outputs[0]!)) {
      const b = piecesOf(inputs['b']!, 1);
      const bias = inputs['bias'];
      const biases = bias === undefined ? undefined : piecesOf(bias, values[bias]!.shape.length - 1);
      each.forEach((part) => {
        const own = { ...inputs, b: b[part]!, ...(biases ? { bias: biases[part]! } : {}) };
        nodes.push({ ...node, inputs: own, outputs: [partsFor(outputs[0]!)[part]!] });
      });
    } else if (products.has(kernel) && tied.has(inputs['a']!)) {
      const b = piecesOf(inputs['b']!, attrs['transposeB'] ? 1 : 0);
      let sum: ValueId | undefined;
      partsFor(inputs['a']!).forEach((a, part) => {
        const output = part === parts - 1 ? outputs[0]! : fresh(values[outputs[0]!]!.shape, outputs[0]!);
        const own = { a, b: b[part]!, ...(sum === undefined ? {} : { bias: sum }) };
        nodes.push({ kernel: sum === undefined ? 'BatchMatMul' : '_FusedMatMul', inputs: own, attrs, outputs: [output] });
        sum = output;
      });
    } else if (products.has(kernel)) {
      const columns = partsFor(inputs['b']!).map((b) => {
        const output = fresh(partShape(outputs[0]!), outputs[0]!);
        nodes.push({ ...node, inputs: { ...inputs, b }, outputs: [output] });
        return output;
      });
      join(columns, outputs[0]!);
    } else {
      // Element-wise kernels and reshapes: once a part.
      each.forEach((part) => {
        const own = Object.fromEntries(
          Object.entries(inputs).map(([name, id]) => [name, tied.has(id) ? partsFor(id)[part]! : id]),
        );
        const ownAttrs = kernel === 'Reshape' ? { shape: partShape(outputs[0]!) } : attrs;
        nodes.push({ ...node, attrs: ownAttrs, inputs: own, outputs: [partsFor(outputs[0]!)[part]!] });
      });
    }
  }
  const rename = (id: ValueId): ValueId => renamed.get(id) ?? id;
  const renamedNodes = nodes.map((node) => ({
    ...node,
    inputs: Object.fromEntries(Object.entries(node.inputs).map(([name, id]) => [name, rename(id)])),
  }));
  return { ...graph, values, nodes: renamedNodes, outputs: graph.outputs.map(rename) };
}
