/** A graph as an ONNX model: every node lowered by its kernel's rule. */
import { allocate, GmlpError } from '@gmlp/base';
import type { Graph, Node, ValueId } from '../graph.ts';
import type { Lowering, OnnxAttribute, OnnxDomain } from '../kernel-rule.ts';
import { kernelRules } from '../kernel-rules.ts';
import { anyProvider, type Target } from '../target.ts';
import { type OnnxModel, type OnnxNode, type OnnxTensor, writeModel } from './model-writer.ts';
import type { OnnxDType } from './types.ts';

/** Names of the model's ports: `input_0`, `random_0`, `output_0`, ... in the order of the graph's lists. */
export const portName = {
  input: (index: number): string => `input_${index}`,
  random: (index: number): string => `random_${index}`,
  output: (index: number): string => `output_${index}`,
};

function typedArray(dtype: OnnxDType, data: readonly number[]): Uint8Array {
  const array =
    dtype === 'int64' ? BigInt64Array.from(data, (value) => BigInt(value)) : Object.assign(allocate(dtype, data.length));
  if (dtype !== 'int64') (array as Float32Array).set(data);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The model of a graph, before it is written as bytes. */
export function lowerGraph(graph: Graph, target: Target = anyProvider): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initialisers = new Map<string, OnnxTensor>();
  const names = new Map<ValueId, string>();
  for (const [index, id] of graph.inputs.entries()) names.set(id, portName.input(index));
  for (const [index, { value }] of graph.randomInputs.entries()) names.set(value, portName.random(index));
  for (const [id, { dtype, shape, data }] of graph.constants) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    names.set(id, `constant_${id}`);
    initialisers.set(`constant_${id}`, { name: `constant_${id}`, dtype, shape, bytes });
  }
  let fresh = 0;
  const nameOf = (id: ValueId): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    names.set(id, `value_${id}`);
    return `value_${id}`;
  };
  // Results that are no input, constant or second copy are written under their port's name directly.
  const aliases: OnnxNode[] = [];
  graph.outputs.forEach((id, index) => {
    if (names.has(id)) {
      aliases.push({ op: 'Identity', domain: '', inputs: [names.get(id)!], outputs: [portName.output(index)], attributes: {} });
    } else names.set(id, portName.output(index));
  });

  const emit = (
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
    domain: OnnxDomain = '',
  ) => {
    nodes.push({ op, domain, inputs, outputs, attributes });
  };
  const newName = (): string => `part_${fresh++}`;
  const constant = (dtype: OnnxDType, shape: readonly number[], data: readonly number[]): string => {
    const uniform = data.length > 1 && data.every((value) => value === data[0]);
    const content = uniform ? `all ${data[0]}` : data.length > 16 ? `#${fresh++}` : data.join(',');
    const name = `${dtype}[${shape.join(',')}]=${content}`;
    if (!initialisers.has(name)) initialisers.set(name, { name, dtype, shape, bytes: typedArray(dtype, data) });
    return name;
  };
  const loweringOf = (node: Node): Lowering => ({
    attrs: node.attrs,
    target,
    inputNames: Object.keys(node.inputs),
    input: (name) => nameOf(node.inputs[name]!),
    has: (name) => name in node.inputs,
    value: (name) => graph.values[node.inputs[name]!]!,
    outputValues: node.outputs.map((id) => graph.values[id]!),
    output: (index = 0) => nameOf(node.outputs[index]!),
    fresh: newName,
    add: (op, inputs, attributes) => {
      const name = newName();
      emit(op, inputs, [name], attributes);
      return name;
    },
    emit,
    constant,
  });
  for (const node of graph.nodes) {
    const rule = kernelRules[node.kernel];
    if (!rule)
      throw new GmlpError('unsupported-kernel', `toOnnx: no lowering for TF.js kernel ${node.kernel}`, { kernel: node.kernel });
    rule.lower(loweringOf(node));
  }
  const port = (id: ValueId, name: string) => ({ name, dtype: graph.values[id]!.dtype, shape: graph.values[id]!.shape });
  return {
    nodes: [...nodes, ...aliases],
    initialisers: [...initialisers.values()],
    inputs: [
      ...graph.inputs.map((id, index) => port(id, portName.input(index))),
      ...graph.randomInputs.map(({ value }, index) => port(value, portName.random(index))),
    ],
    outputs: graph.outputs.map((id, index) => port(id, portName.output(index))),
  };
}

/** The bytes of a graph's `.onnx` file. */
export function toOnnx(graph: Graph, target: Target = anyProvider): Uint8Array {
  return writeModel(lowerGraph(graph, target));
}
