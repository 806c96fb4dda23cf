/**
 * What is as long as the batch is made at the call, from the shape of an input that begins with the batch: the shape that
 * something is spread to, and a constant that is one number everywhere (zeros to add to, a mask of ones).
 */
import { sizeOf } from '@gmlp/base';
import type { OnnxNode, OnnxPort, OnnxTensor } from './model-writer.ts';

/** Nodes to run first, with the constants that they need. */
export interface MadeAtCall {
  /** The value that they make. */
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
}

/** A constant for two batch sizes, and the inputs of the two models. Undefined when it is not of this kind. */
export function filledAtCall(a: OnnxTensor, b: OnnxTensor, inputs: readonly [OnnxPort[], OnnxPort[]]): MadeAtCall | undefined {
  const value = uniform(a);
  if (value === undefined || !uniform(b)?.every((byte, at) => byte === value[at])) return undefined;
  const name = `filled_${a.name}`;
  const shape = shapeAtCall(`${name}_shape`, a.shape, b.shape, inputs);
  if (shape === undefined) return undefined;
  const scalar: OnnxTensor = { name: `${name}_value`, dtype: a.dtype, shape: [], bytes: value };
  return {
    name,
    initialisers: [scalar, ...shape.initialisers],
    nodes: [...shape.nodes, node('Expand', [scalar.name, shape.name], name)],
  };
}

/** A shape with one extent that is a multiple of the batch. */
export function shapeAtCall(
  name: string,
  a: readonly number[],
  b: readonly number[],
  [inputsOfA, inputsOfB]: readonly [OnnxPort[], OnnxPort[]],
): MadeAtCall | undefined {
  const source = inputsOfA.findIndex(({ shape }, index) => shape[0] !== inputsOfB[index]!.shape[0]);
  const axes = a.flatMap((extent, axis) => (extent === b[axis] ? [] : [axis]));
  if (source < 0 || axes.length !== 1 || a.length !== b.length) return undefined;
  const axis = axes[0]!;
  const [timesInA, timesInB] = [a[axis]! / Number(inputsOfA[source]!.shape[0]), b[axis]! / Number(inputsOfB[source]!.shape[0])];
  if (timesInA !== timesInB || !Number.isInteger(timesInA)) return undefined;
  const integers = (part: string, values: readonly number[]): OnnxTensor => ({
    name: `${name}_${part}`,
    dtype: 'int64',
    shape: [values.length],
    bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
  const [before, times, after] = [
    integers('before', a.slice(0, axis)),
    integers('times', [timesInA]),
    integers('after', a.slice(axis + 1)),
  ];
  return {
    name,
    initialisers: [before, times, after],
    nodes: [
      node('Shape', [inputsOfA[source]!.name], `${name}_batch`, { start: 0, end: 1 }),
      node('Mul', [`${name}_batch`, times.name], `${name}_extent`),
      node('Concat', [before.name, `${name}_extent`, after.name], name, { axis: 0 }),
    ],
  };
}

const node = (op: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
});

/** The bytes of the one number that fills a tensor. */
function uniform({ bytes, shape }: OnnxTensor): Uint8Array | undefined {
  const count = sizeOf(shape);
  if (!(bytes instanceof Uint8Array) || count === 0) return undefined;
  const size = bytes.length / count;
  return bytes.every((byte, at) => byte === bytes[at % size]) ? bytes.slice(0, size) : undefined;
}
