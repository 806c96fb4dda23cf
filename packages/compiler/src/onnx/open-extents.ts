/**
 * One model for all sizes of its open extents (the batch, the length of a text), from the models of the same function traced with
 * two sizes of each: where they agree, the sizes play no part. What differs must be a product of a whole number and of open extents.
 * Only what ONNX can say without knowing the sizes is taken; anything else is an error that names the operator.
 */
import { GmlpError, sameShape } from '@gmlp/base';
import { type Product, productOf, type Sizes } from './extent-products.ts';
import { type ExtentPlace, integersOf, madeAtCall } from './made-at-call.ts';
import type { OnnxModel, OnnxNode, OnnxPort, OnnxTensor } from './model-writer.ts';

/** `models[i]` is that of `traced[i]`. */
export function openExtents(models: readonly OnnxModel[], traced: readonly Sizes[]): OnnxModel {
  const [first] = models as [OnnxModel, ...OnnxModel[]];
  const constants = models.map(({ initialisers }) => new Map(initialisers.map((tensor) => [tensor.name, tensor])));
  const initialisers = new Map<string, OnnxTensor>();
  const made = new Map<string, OnnxNode>();
  const names = [...traced[0]!.keys()];
  const depends = (node: OnnxNode | undefined, what: string): GmlpError =>
    new GmlpError(
      'unsupported-kernel',
      `openExtents: ${what} depends on the size of ${names.join(' or ')}${node ? ` (operator ${node.op} that makes ${node.outputs.join(', ')})` : ''}; export with a fixed size`,
      { operator: node?.op },
    );
  const product = (values: readonly number[]): Product | undefined => productOf(values, traced);
  const atCall = madeAtCall(new Map(names.map((name) => [name, placeOf(name, models, product)])));

  /** The input of a node: the same value in all models, or constants that become one. */
  const merge = (node: OnnxNode, position: number, given: readonly string[]): string => {
    const found = given.map((name, which) => constants[which]!.get(name));
    if (found.every((tensor) => tensor === undefined)) {
      if (given.some((name) => name !== given[0])) throw depends(node, `its input ${position}`);
      return given[0]!;
    }
    if (found.some((tensor) => tensor === undefined)) throw depends(node, `its input ${position}`);
    const tensors = found as readonly OnnxTensor[];
    const same = tensors.every((tensor) => sameTensor(tensors[0]!, tensor)) ? tensors[0]! : undefined;
    const merged = same ?? (node.op === 'Reshape' && position === 1 ? withOneOpen(tensors, product) : undefined);
    if (merged !== undefined) {
      initialisers.set(merged.name, merged);
      return merged.name;
    }
    const call = atCall(tensors, product);
    if (call === undefined) throw depends(node, `the constant ${tensors[0]!.name}`);
    for (const tensor of call.initialisers) initialisers.set(tensor.name, tensor);
    for (const each of call.nodes) made.set(each.outputs[0]!, each);
    return call.name;
  };

  if (models.some(({ nodes }) => nodes.length !== first.nodes.length)) throw depends(undefined, 'the number of its operators');
  const nodes = first.nodes.map((node, index): OnnxNode => {
    const all = models.map((model) => model.nodes[index]!);
    const form = ({ op, attributes, outputs, inputs }: OnnxNode): string =>
      JSON.stringify([op, attributes, outputs, inputs.length]);
    if (all.some((other) => form(other) !== form(node))) throw depends(node, 'what it is');
    return {
      ...node,
      inputs: node.inputs.map((_, position) =>
        merge(
          node,
          position,
          all.map(({ inputs }) => inputs[position]!),
        ),
      ),
    };
  });
  const ports = (which: 'inputs' | 'outputs'): OnnxPort[] =>
    first[which].map((port, index) => {
      const shape = port.shape.map((_, axis) => {
        const extent = product(models.map((model) => Number(model[which][index]!.shape[axis])));
        if (extent === undefined) throw depends(undefined, `the shape of ${port.name}`);
        const { times, of } = extent;
        return of.length === 0 ? times : [...(times === 1 ? [] : [times]), ...of].join(' ');
      });
      return { ...port, shape };
    });
  const [inputs, outputs] = [ports('inputs'), ports('outputs')];
  return { nodes: [...made.values(), ...nodes], initialisers: [...initialisers.values()], inputs, outputs };
}

function placeOf(
  name: string,
  models: readonly OnnxModel[],
  product: (values: readonly number[]) => Product | undefined,
): ExtentPlace {
  for (const [index, { name: input, shape }] of models[0]!.inputs.entries()) {
    const axis = shape.findIndex((_, at) => {
      const extent = product(models.map(({ inputs }) => Number(inputs[index]!.shape[at])));
      return extent?.times === 1 && extent.of.length === 1 && extent.of[0] === name;
    });
    if (axis >= 0) return { input, axis };
  }
  throw new GmlpError('invalid-argument', `openExtents: no input has the extent ${name} by itself`, { name });
}

function sameTensor(a: OnnxTensor, b: OnnxTensor): boolean {
  const [x, y] = [a.bytes as Uint8Array, b.bytes as Uint8Array];
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape) || x.length !== y.length) return false;
  // Parameters are the same memory in all models, and may be gigabytes.
  return (x.buffer === y.buffer && x.byteOffset === y.byteOffset) || x.every((byte, at) => byte === y[at]);
}

/** A new shape with one extent that is not a constant can leave that one open: -1. */
function withOneOpen(
  tensors: readonly OnnxTensor[],
  product: (values: readonly number[]) => Product | undefined,
): OnnxTensor | undefined {
  const [first] = tensors as [OnnxTensor];
  if (tensors.some(({ shape }) => !sameShape(shape, first.shape))) return undefined;
  const all = tensors.map(integersOf);
  const extents = all[0]!.map((_, axis) => product(all.map((each) => each[axis]!)));
  const open = extents.map((extent) => (extent?.of.length === 0 ? extent.times : -1));
  if (open.filter((extent) => extent === -1).length !== 1) return undefined;
  const bytes = new Uint8Array(BigInt64Array.from(open, BigInt).buffer);
  return { ...first, name: `int64[${first.shape.join(',')}]=${open.join(',')}`, bytes };
}
