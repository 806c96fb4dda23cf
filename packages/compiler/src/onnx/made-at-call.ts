/**
 * What is as long as an open extent is made at the call, from the shapes of the inputs: whole numbers (the shape that something is
 * reshaped or spread to, the end of a slice), and a constant that is one number everywhere (zeros to add to, a mask of ones).
 */
import { sizeOf } from '@gmlp/base';
import type { Product } from './extent-products.ts';
import type { OnnxNode, OnnxTensor } from './model-writer.ts';

/** Where the size of an extent is read at a call. */
export interface ExtentPlace {
  readonly input: string;
  readonly axis: number;
}

/** Nodes to run first, each with one output, with the constants that they need. */
export interface MadeAtCall {
  /** The value that they make. */
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
}

type Products = (values: readonly number[]) => Product | undefined;

/** Of constants as they are at some sizes. Undefined where they are not of this kind. Equal values have equal names. */
export function madeAtCall(
  places: ReadonlyMap<string, ExtentPlace>,
): (tensors: readonly OnnxTensor[], product: Products) => MadeAtCall | undefined {
  const integers = (values: readonly (readonly number[])[], product: Products): MadeAtCall | undefined => {
    const [first] = values as [readonly number[]];
    if (values.some(({ length }) => length !== first.length)) return undefined;
    const found = first.map((_, at) => product(values.map((each) => each[at]!)));
    if (found.some((each) => each === undefined)) return undefined;
    return joined((found as readonly Product[]).map((each) => oneInteger(each, places)));
  };
  return (tensors, product) => {
    const [first] = tensors as [OnnxTensor];
    if (first.dtype === 'int64' && tensors.every(({ shape }) => shape.length === 1))
      return integers(tensors.map(integersOf), product);
    const value = uniform(first);
    if (value === undefined || !tensors.every((tensor) => uniform(tensor)?.every((byte, at) => byte === value[at])))
      return undefined;
    const shape = integers(
      tensors.map((tensor) => tensor.shape),
      product,
    );
    if (shape === undefined) return undefined;
    const scalar: OnnxTensor = { name: `one of ${first.name}`, dtype: first.dtype, shape: [], bytes: value };
    const name = `${scalar.name} in ${shape.name}`;
    return {
      name,
      initialisers: [...shape.initialisers, scalar],
      nodes: [...shape.nodes, node('Expand', [scalar.name, shape.name], name)],
    };
  };
}

/** A list of one number. */
function oneInteger({ times, of }: Product, places: ReadonlyMap<string, ExtentPlace>): MadeAtCall {
  const extents = of.map((name): MadeAtCall => {
    const { input, axis } = places.get(name)!;
    return {
      name: `extent ${name}`,
      initialisers: [],
      nodes: [node('Shape', [input], `extent ${name}`, { start: axis, end: axis + 1 })],
    };
  });
  const factors = times === 1 && of.length > 0 ? extents : [constant([times]), ...extents];
  return factors.reduce((product, factor) => {
    const name = `${product.name} * ${factor.name}`;
    return together([product, factor], name, node('Mul', [product.name, factor.name], name));
  });
}

function joined(parts: readonly MadeAtCall[]): MadeAtCall {
  if (parts.length === 1) return parts[0]!;
  const name = `[${parts.map((part) => part.name).join(', ')}]`;
  return together(
    parts,
    name,
    node(
      'Concat',
      parts.map((part) => part.name),
      name,
      { axis: 0 },
    ),
  );
}

const together = (parts: readonly MadeAtCall[], name: string, last: OnnxNode): MadeAtCall => ({
  name,
  initialisers: parts.flatMap((part) => part.initialisers),
  nodes: [...parts.flatMap((part) => part.nodes), last],
});

function constant(values: readonly number[]): MadeAtCall {
  const name = `int64[${values.length}]=${values.join(',')}`;
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, initialisers: [{ name, dtype: 'int64', shape: [values.length], bytes }], nodes: [] };
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

/** The numbers of an int64 constant. */
export const integersOf = ({ bytes }: OnnxTensor): readonly number[] =>
  Array.from(new BigInt64Array((bytes as Uint8Array).slice().buffer), Number);
