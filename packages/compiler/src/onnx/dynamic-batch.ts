/**
 * One model for every batch size, from the models of the same function traced with two and with three samples: where they
 * agree, the size plays no part. An extent of 2k in one and 3k in the other is k times the batch. Only what ONNX can say
 * without knowing the size is taken; anything else is an error that names the operator.
 */
import { GmlpError, sameShape } from '@gmlp/base';
import { filledAtCall, type MadeAtCall, shapeAtCall } from './made-at-call.ts';
import type { OnnxModel, OnnxNode, OnnxPort, OnnxTensor } from './model-writer.ts';

/** The batch sizes to trace with: one is special (broadcasting), and two numbers tell a batch from a constant. */
export const tracedBatches = [2, 3] as const;

export function dynamicBatch(two: OnnxModel, three: OnnxModel): OnnxModel {
  const constants = [two, three].map(({ initialisers }) => new Map(initialisers.map((tensor) => [tensor.name, tensor])));
  const initialisers = new Map<string, OnnxTensor>();
  const made = new Map<string, MadeAtCall>();

  /** The input of a node: the same value, or two constants that become one. */
  const merge = (node: OnnxNode, position: number, names: readonly [string, string]): string => {
    const [a, b] = names.map((name, which) => constants[which]!.get(name)) as [OnnxTensor?, OnnxTensor?];
    if (!a || !b) {
      if (a || b || names[0] !== names[1]) throw depends(node, `its input ${position}`);
      return names[0];
    }
    const atCall = sameTensor(a, b) ? undefined : madeAtCall(node, position, a, b, [[...two.inputs], [...three.inputs]]);
    if (atCall) {
      made.set(atCall.name, atCall);
      return atCall.name;
    }
    const merged = sameTensor(a, b) ? a : withoutBatch(node, position, a, b);
    initialisers.set(merged.name, merged);
    return merged.name;
  };

  if (two.nodes.length !== three.nodes.length) throw depends(undefined, 'the number of its operators');
  const nodes = two.nodes.map((node, index): OnnxNode => {
    const other = three.nodes[index]!;
    const alike = JSON.stringify([node.op, node.attributes, node.outputs, node.inputs.length]);
    if (alike !== JSON.stringify([other.op, other.attributes, other.outputs, other.inputs.length]))
      throw depends(node, 'what it is');
    return { ...node, inputs: node.inputs.map((name, position) => merge(node, position, [name, other.inputs[position]!])) };
  });
  const ports = (which: 'inputs' | 'outputs') => two[which].map((port, index) => dynamicPort(port, three[which][index]!));
  for (const tensor of [...made.values()].flatMap(({ initialisers }) => initialisers)) initialisers.set(tensor.name, tensor);
  return {
    nodes: [...[...made.values()].flatMap(({ nodes }) => nodes), ...nodes],
    initialisers: [...initialisers.values()],
    inputs: ports('inputs'),
    outputs: ports('outputs'),
  };
}

function dynamicPort(two: OnnxPort, three: OnnxPort): OnnxPort {
  const shape = two.shape.map((extent, axis) => {
    if (extent === three.shape[axis]) return extent;
    const times = Number(extent) / tracedBatches[0];
    return times === 1 ? 'batch' : `${times} batch`;
  });
  return { ...two, shape };
}

function sameTensor(a: OnnxTensor, b: OnnxTensor): boolean {
  const [x, y] = [a.bytes as Uint8Array, b.bytes as Uint8Array];
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape) || x.length !== y.length) return false;
  return x === y || x.every((byte, at) => byte === y[at]);
}

function madeAtCall(
  node: OnnxNode,
  position: number,
  a: OnnxTensor,
  b: OnnxTensor,
  inputs: readonly [OnnxPort[], OnnxPort[]],
): MadeAtCall | undefined {
  if (node.op !== 'Expand' || position !== 1) return filledAtCall(a, b, inputs);
  const [two, three] = [a, b].map((shape) => Array.from(integersOf(shape), Number)) as [number[], number[]];
  return shapeAtCall(`shape_${a.name}`, two, three, inputs);
}

const integersOf = ({ bytes }: OnnxTensor): BigInt64Array => new BigInt64Array((bytes as Uint8Array).slice().buffer);

/** A new shape in which the batch stands once can leave that extent open: -1. */
function withoutBatch(node: OnnxNode, position: number, a: OnnxTensor, b: OnnxTensor): OnnxTensor {
  if (node.op !== 'Reshape' || position !== 1 || !sameShape(a.shape, b.shape)) throw depends(node, `the constant ${a.name}`);
  const [two, three] = [integersOf(a), integersOf(b)];
  const open = two.map((extent, axis) => (extent === three[axis] ? extent : -1n));
  if (open.filter((extent) => extent === -1n).length !== 1) throw depends(node, `the shape ${a.name}`);
  return { ...a, name: `int64[${a.shape.join(',')}]=${open.join(',')}`, bytes: new Uint8Array(open.buffer) };
}

function depends(node: OnnxNode | undefined, what: string): GmlpError {
  return new GmlpError(
    'unsupported-kernel',
    `dynamicBatch: ${what} depends on the batch size${node ? ` (operator ${node.op} that makes ${node.outputs.join(', ')})` : ''}; export with a fixed batch size`,
    { operator: node?.op },
  );
}
