/**
 * A model as an ONNX file for others: the parameters inside under their own names, inputs and outputs named, the batch size
 * open, and other extents that have a name. Standard operators alone, operator set 20. The ports that devices feed by number are for
 * running; this is for keeping.
 */
import { type DType, flattenTree, GmlpError, type HostArray, mapTree, pathName } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optimise } from '../optimise.ts';
import { placeholder } from '../placeholder.ts';
import { trace } from '../trace.ts';
import { type Sizes, tracedSizes } from './extent-products.ts';
import { type OnnxModel, type OnnxNode, type OnnxTensor, writeModel } from './model-writer.ts';
import { openExtents } from './open-extents.ts';
import { lowerGraph, portName } from './to-onnx.ts';
import { onnxTypeOf } from './types.ts';

/** An input of the exported model. */
export interface ExportedInput {
  readonly dtype: DType;
  /** An extent that has a name is open: `batch`, `tokens`. The function is traced with small sizes of it: 2, 3, 5, 7. */
  readonly shape: readonly (number | string)[];
  /** What the file's own input is, where that is not `dtype`: int64, as most programs have ids. */
  readonly given?: 'int64';
}

export interface ExportOnnxOptions {
  /** The tree of parameters; each becomes an initialiser named by its path. */
  readonly parameters: unknown;
  readonly inputs: Readonly<Record<string, ExportedInput>>;
  /** Bytes of parameters from which they go to a file of their own: protocol buffers end at 2 GiB. */
  readonly externalAbove?: number;
  /** The name of that file, beside the model. */
  readonly externalName?: string;
}

export interface ExportedOnnx {
  /** The bytes of the `.onnx` file. */
  readonly model: Uint8Array;
  /** The content of the file beside it, in parts that follow each other; none when there is no such file. */
  readonly external: readonly Uint8Array[];
}

const twoGibibytes = 2 ** 31;
/** Room in the model's own file for all that is not a parameter. */
const reserve = 2 ** 26;
/** Readers map the file's pages to memory. */
const page = 4096;

/** `apply` gives its outputs by name. */
export function exportOnnx(
  apply: (params: never, inputs: never) => Readonly<Record<string, Tensor>>,
  { parameters, inputs, externalAbove = twoGibibytes - reserve, externalName = 'model.onnx.data' }: ExportOnnxOptions,
): ExportedOnnx {
  const described = mapTree<HostArray, unknown, unknown>(parameters, ({ dtype, shape }) => placeholder(dtype, shape));
  const weights = flattenTree<HostArray>(parameters);
  const extents = Object.values(inputs).flatMap(({ shape }) => shape.filter((extent) => typeof extent === 'string'));
  let outputNames: string[] = [];
  const lowered = (sizes: Sizes): OnnxModel => {
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, { dtype, shape }]) => [
        name,
        placeholder(
          dtype,
          shape.map((extent) => (typeof extent === 'string' ? sizes.get(extent)! : extent)),
        ),
      ]),
    );
    const { graph, result } = trace(apply as (...args: never[]) => unknown, [described, given]);
    if (graph.randomInputs.length > 0)
      throw new GmlpError('invalid-argument', 'exportOnnx: the function draws at random; export it as it is used, not trained');
    outputNames = flattenTree<number>(result).map(({ path }) => pathName(path));
    return lowerGraph(optimise(graph));
  };
  const traced = tracedSizes([...new Set(extents)]);
  const models = traced.map((sizes) =>
    withParameters(
      lowered(sizes),
      weights.map(({ leaf }) => leaf),
    ),
  );
  const model = traced.length > 1 ? openExtents(models, traced) : models[0]!;
  const names = new Map([
    ...weights.map(({ path }, index) => [portName.input(index), pathName(path)] as const),
    ...Object.keys(inputs).map((name, index) => [portName.input(weights.length + index), name] as const),
    ...outputNames.map((name, index) => [portName.output(index), name] as const),
  ]);
  const size = model.initialisers.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const named = renamed(model, names);
  return file(
    castFrom(
      named,
      Object.keys(inputs).filter((name) => inputs[name]!.given === 'int64'),
    ),
    size > externalAbove ? externalName : undefined,
  );
}

/** Inputs that come as int64, and are cast first of all. */
function castFrom(model: OnnxModel, wide: readonly string[]): OnnxModel {
  const inside = (name: string): string => (wide.includes(name) ? `narrow ${name}` : name);
  const casts = model.inputs.flatMap(({ name, dtype }): OnnxNode[] =>
    wide.includes(name)
      ? [{ op: 'Cast', domain: '', inputs: [name], outputs: [inside(name)], attributes: { to: onnxTypeOf(dtype) } }]
      : [],
  );
  return {
    ...model,
    nodes: [...casts, ...model.nodes.map((node) => ({ ...node, inputs: node.inputs.map(inside) }))],
    inputs: model.inputs.map((port) => (wide.includes(port.name) ? { ...port, dtype: 'int64' as const } : port)),
  };
}

/** Leading inputs become initialisers; those that nothing reads are left out. */
function withParameters(model: OnnxModel, weights: readonly HostArray[]): OnnxModel {
  const read = new Set(model.nodes.flatMap(({ inputs }) => inputs));
  const baked = weights.flatMap(({ dtype, shape, data }, index): OnnxTensor[] => {
    const name = portName.input(index);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return read.has(name) ? [{ name, dtype, shape, bytes }] : [];
  });
  return { ...model, inputs: model.inputs.slice(weights.length), initialisers: [...baked, ...model.initialisers] };
}

function renamed(model: OnnxModel, names: ReadonlyMap<string, string>): OnnxModel {
  const nameOf = (name: string): string => names.get(name) ?? name;
  const each = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((item) => ({ ...item, name: nameOf(item.name) }));
  return {
    nodes: model.nodes.map((node) => ({ ...node, inputs: node.inputs.map(nameOf), outputs: node.outputs.map(nameOf) })),
    initialisers: each(model.initialisers),
    inputs: each(model.inputs),
    outputs: each(model.outputs),
  };
}

function file(model: OnnxModel, location: string | undefined): ExportedOnnx {
  if (location === undefined) return { model: writeModel(model), external: [] };
  const external: Uint8Array[] = [];
  let end = 0;
  const initialisers = model.initialisers.map((tensor): OnnxTensor => {
    const bytes = tensor.bytes as Uint8Array;
    if (bytes.length < page) return tensor; // shapes and other small things stay readable inside
    const offset = Math.ceil(end / page) * page;
    external.push(new Uint8Array(offset - end), bytes);
    end = offset + bytes.length;
    return { ...tensor, bytes: { location, offset, length: bytes.length } };
  });
  return { model: writeModel({ ...model, initialisers }), external };
}
