/** A traced function made ready to run: its stages with their ONNX Runtime sessions. */
import { allocate, type Key, randomWords, resolveKey, sizeOf, type TypedArrayOf } from '@gmlp/base';
import {
  costReport,
  type Graph,
  type Node,
  optimise,
  type Pass,
  portName,
  type Traced,
  toOnnx,
  type ValueId,
} from '@gmlp/compiler';
import { hostKernels } from './host-kernels.ts';
import type { OrtRuntime, OrtSession, OrtTensor } from './ort-runtime.ts';
import { cutIntoStages, type HostStage, type OnnxStage } from './stages.ts';

export type Data = TypedArrayOf['float32'] | TypedArrayOf['int32'] | TypedArrayOf['bool'];

/** An argument's array; `donated` says that the program may overwrite it. */
export interface Feed {
  readonly data: Data;
  readonly donated: boolean;
}

export interface Program {
  /** Data of the function's results, in the order of the graph's outputs, and the tree that they form. */
  run(feeds: readonly Feed[], keys: readonly Key[]): Promise<Data[]>;
  readonly graph: Graph;
  readonly result: unknown;
  release(): Promise<void>;
}

interface Environment {
  readonly values: Map<ValueId, Data>;
  /** Values whose array a host kernel may overwrite. */
  readonly writable: ReadonlySet<ValueId>;
  readonly keys: readonly Key[];
}

export async function buildProgram(runtime: OrtRuntime, traced: Traced, passes?: readonly Pass[]): Promise<Program> {
  const graph = optimise(traced.graph, passes);
  const stages = await Promise.all(
    cutIntoStages(graph).map(async (stage) =>
      stage.kind === 'onnx'
        ? await onnxRunner(runtime, stage)
        : { run: (env: Environment) => runHostStage(graph, stage, env), release: async () => {} },
    ),
  );
  const readOnce = inputsReadOnce(graph);
  return {
    graph,
    result: traced.result,
    async run(feeds, keys) {
      const values = new Map<ValueId, Data>();
      for (const [index, id] of graph.inputs.entries()) values.set(id, feeds[index]!.data);
      for (const [id, { data }] of graph.constants) values.set(id, data as Data);
      const environment: Environment = { values, writable: writableInputs(graph, feeds, readOnce), keys };
      for (const stage of stages) await stage.run(environment);
      // Each result is an array of its own, whatever the function returned twice or handed through.
      const given = new Set<Data>();
      return graph.outputs.map((id) => {
        const data = values.get(id)!;
        const own = given.has(data) || graph.constants.has(id) || feeds.some((feed) => feed.data === data && !feed.donated);
        given.add(data);
        return own ? (data.slice() as Data) : data;
      });
    },
    async release() {
      await Promise.all(stages.map((stage) => stage.release()));
    },
  };
}

function inputsReadOnce(graph: Graph): ReadonlySet<ValueId> {
  const reads = new Map<ValueId, number>();
  const count = (id: ValueId): void => void reads.set(id, (reads.get(id) ?? 0) + 1);
  for (const node of graph.nodes) for (const id of Object.values(node.inputs)) count(id);
  for (const id of graph.outputs) count(id);
  return new Set(graph.inputs.filter((id) => reads.get(id) === 1));
}

/** A donated array may be overwritten when it was given once and is read once: nobody can see the difference. */
function writableInputs(graph: Graph, feeds: readonly Feed[], readOnce: ReadonlySet<ValueId>): ReadonlySet<ValueId> {
  const given = new Map<Data, number>();
  for (const { data } of feeds) given.set(data, (given.get(data) ?? 0) + 1);
  return new Set(
    graph.inputs.filter((id, index) => {
      const { data, donated } = feeds[index]!;
      return donated && given.get(data) === 1 && readOnce.has(id);
    }),
  );
}

async function onnxRunner(runtime: OrtRuntime, { graph }: OnnxStage) {
  const session: OrtSession = await runtime.session(toOnnx(graph, runtime.target), costReport(graph).multiplyAdds);
  return {
    async run({ values, keys }: Environment): Promise<void> {
      const feeds: Record<string, OrtTensor> = {};
      graph.inputs.forEach((id, index) => {
        const { dtype, shape } = graph.values[id]!;
        feeds[portName.input(index)] = runtime.tensor(dtype, values.get(id)!, shape);
      });
      graph.randomInputs.forEach(({ value, key }, index) => {
        const { dtype, shape } = graph.values[value]!;
        feeds[portName.random(index)] = runtime.tensor(dtype, randomWords(resolveKey(key, keys), sizeOf(shape)), shape);
      });
      const results = await session.run(feeds);
      for (const [index, id] of graph.outputs.entries()) values.set(id, results[portName.output(index)]!.data as Data);
    },
    release: () => session.release(),
  };
}

async function runHostStage(graph: Graph, { nodes }: HostStage, { values, writable }: Environment): Promise<void> {
  for (const node of nodes) runHostNode(graph, node, values, writable);
}

function runHostNode(graph: Graph, node: Node, values: Map<ValueId, Data>, writable: ReadonlySet<ValueId>): void {
  const kernel = hostKernels[node.kernel]!;
  const inputs: Record<string, Data> = {};
  for (const [name, id] of Object.entries(node.inputs)) {
    const data = values.get(id)!;
    inputs[name] = kernel.overwrites.includes(name) && !writable.has(id) ? copyOf(data, graph, id) : data;
  }
  kernel.run(inputs as Record<string, Float32Array>, node.attrs);
  for (const [index, name] of kernel.overwrites.entries()) values.set(node.outputs[index]!, inputs[name]!);
}

function copyOf(data: Data, graph: Graph, id: ValueId): Data {
  const { dtype, shape } = graph.values[id]!;
  const copy = allocate(dtype, sizeOf(shape)) as Data;
  copy.set(data);
  return copy;
}
