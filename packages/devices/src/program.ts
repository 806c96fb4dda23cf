/** A traced function made ready to run: its stages with their ONNX Runtime sessions. */
import { allocate, type Key, randomWords, resolveKey, sizeOf } from '@gmlp/base';
import {
  costReport,
  type Graph,
  isHostKernel,
  type Node,
  optimise,
  type Pass,
  portName,
  type Traced,
  toOnnx,
  type ValueId,
} from '@gmlp/compiler';
import { type DeviceArray, deviceArray, type HostData, hold, isOnHost } from './device-array.ts';
import type { GpuCopies } from './gpu-copies.ts';
import { hostKernels } from './host-kernels.ts';
import { type IdLimits, idLimits } from './id-limits.ts';
import { type LiveResults, liveResults } from './live-results.ts';
import type { OrtRuntime, OrtSession, OrtTensor, ResultPlaces } from './ort-runtime.ts';
import { cutIntoStages, type HostStage, type OnnxStage } from './stages.ts';
import type { TransferCounter } from './transfers.ts';

type Data = DeviceArray['data'];

/** An argument's array, held for the call; `donated` says that the program may overwrite it. */
export interface Feed {
  readonly array: DeviceArray;
  readonly donated: boolean;
}

export interface Program {
  /** The function's results, in the order of the graph's outputs; each is held once, for the caller. */
  run(feeds: readonly Feed[], keys: readonly Key[]): Promise<DeviceArray[]>;
  readonly graph: Graph;
  readonly limits: IdLimits;
  /** The tree that the results form. */
  readonly result: unknown;
  readonly results: LiveResults;
  /** Frees its sessions; a second time does nothing. */
  release(): Promise<void>;
}

/** What a program runs on. */
export interface Surroundings {
  readonly runtime: OrtRuntime;
  /** For runtimes whose results stay on a GPU. */
  readonly copies: GpuCopies;
  readonly counter: TransferCounter;
}

interface Environment {
  readonly values: Map<ValueId, Data>;
  /** Values whose array a host kernel may overwrite. */
  readonly writable: ReadonlySet<ValueId>;
  readonly keys: readonly Key[];
}

export async function buildProgram(around: Surroundings, traced: Traced, passes?: readonly Pass[]): Promise<Program> {
  const graph = optimise(traced.graph, around.runtime.target, passes);
  const onHost = around.runtime.onGpu ? () => false : isHostKernel;
  const stages = await all(
    cutIntoStages(graph, onHost).map(async (stage) =>
      stage.kind === 'onnx'
        ? await onnxRunner(around, stage)
        : { run: (env: Environment) => runHostStage(graph, stage, env), release: async () => {} },
    ),
  );
  const readOnce = valuesReadOnce(graph);
  const results = liveResults();
  let released: Promise<void> | undefined;
  return {
    graph,
    limits: idLimits(traced.graph),
    result: traced.result,
    results,
    async run(feeds, keys) {
      if (around.runtime.onGpu) await moveToGpu(around.copies, graph, feeds);
      const values = new Map<ValueId, Data>();
      for (const [index, id] of graph.inputs.entries()) values.set(id, feeds[index]!.array.data);
      for (const [id, { data }] of graph.constants) values.set(id, data as HostData);
      const environment: Environment = { values, writable: writableValues(graph, feeds, readOnce), keys };
      for (const stage of stages) await stage.run(environment);
      return ownResults(graph, feeds, values, results);
    },
    release() {
      released ??= Promise.all(stages.map((stage) => stage.release())).then(() => undefined);
      return released;
    },
  };
}

interface Stage {
  run(environment: Environment): Promise<void>;
  release(): Promise<void>;
}

/** All stages, or none: when one fails those that were made are released. */
async function all(pending: readonly Promise<Stage>[]): Promise<Stage[]> {
  try {
    return await Promise.all(pending);
  } catch (error) {
    const made = (await Promise.allSettled(pending)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.allSettled(made.map((stage) => stage.release()));
    throw error;
  }
}

/** An array on the host that a second call reads moves to the GPU: it may come with every call, as parameters do. */
async function moveToGpu(copies: GpuCopies, graph: Graph, feeds: readonly Feed[]): Promise<void> {
  for (const [index, id] of graph.inputs.entries()) {
    const { array, donated } = feeds[index]!;
    const { dtype, shape } = graph.values[id]!;
    if (!isOnHost(array.data) || dtype === 'bool') continue; // ONNX Runtime's WebGPU copies no bools
    array.reads++;
    if (array.reads > 1 && !donated) array.data = await copies.upload(dtype, array.data, shape);
  }
}

/** Each result is an array of its own, whatever the function returned twice or handed through; on a GPU it may be shared. */
function ownResults(
  graph: Graph,
  feeds: readonly Feed[],
  values: ReadonlyMap<ValueId, Data>,
  results: LiveResults,
): DeviceArray[] {
  const given = new Map<Data, DeviceArray>();
  const fed = new Map<Data, Feed>();
  for (const { array, donated } of feeds)
    fed.set(array.data, { array, donated: donated && (fed.get(array.data)?.donated ?? true) });
  return graph.outputs.map((id) => {
    const data = values.get(id)!;
    const { dtype } = graph.values[id]!;
    const before = given.get(data);
    const feed = fed.get(data);
    const shared = before ?? feed?.array;
    if (shared && !isOnHost(data)) return hold(shared);
    const own = !before && !graph.constants.has(id) && (feed?.donated ?? true);
    const array = isOnHost(data)
      ? deviceArray(dtype, own ? data : (data.slice() as HostData))
      : deviceArray(dtype, data, results.add());
    given.set(data, array);
    return array;
  });
}

function valuesReadOnce(graph: Graph): ReadonlySet<ValueId> {
  const reads = new Map<ValueId, number>();
  const count = (id: ValueId): void => void reads.set(id, (reads.get(id) ?? 0) + 1);
  for (const node of graph.nodes) for (const id of Object.values(node.inputs)) count(id);
  for (const id of graph.outputs) count(id);
  return new Set([...reads].flatMap(([id, times]) => (times === 1 ? [id] : [])));
}

/**
 * Nobody can see that an array was overwritten when it is read once, and was donated, given once, or made by the program itself.
 */
function writableValues(graph: Graph, feeds: readonly Feed[], readOnce: ReadonlySet<ValueId>): ReadonlySet<ValueId> {
  const given = new Map<DeviceArray, number>();
  for (const { array } of feeds) given.set(array, (given.get(array) ?? 0) + 1);
  const others = new Set(graph.inputs);
  const own = [...readOnce].filter((id) => !others.has(id) && !graph.constants.has(id));
  const donated = graph.inputs.filter((id, index) => {
    const { array, donated } = feeds[index]!;
    return donated && given.get(array) === 1 && readOnce.has(id);
  });
  return new Set([...own, ...donated]);
}

async function onnxRunner({ runtime, counter }: Surroundings, { graph }: OnnxStage) {
  const places: ResultPlaces | undefined = runtime.onGpu
    ? Object.fromEntries(
        graph.outputs.map((id, index) => [portName.output(index), graph.values[id]!.dtype === 'bool' ? 'cpu' : 'gpu-buffer']),
      )
    : undefined;
  const session: OrtSession = await runtime.session(toOnnx(graph, runtime.target), costReport(graph).multiplyAdds, places);
  const moved = (way: 'toDevice' | 'toHost', data: Data): void => {
    if (runtime.onGpu && isOnHost(data)) counter.count(way, data.byteLength);
  };
  return {
    async run({ values, keys }: Environment): Promise<void> {
      const feeds: Record<string, OrtTensor> = {};
      graph.inputs.forEach((id, index) => {
        const { dtype, shape } = graph.values[id]!;
        const data = values.get(id)!;
        moved('toDevice', data);
        feeds[portName.input(index)] = isOnHost(data) ? runtime.tensor(dtype, data, shape) : data;
      });
      graph.randomInputs.forEach(({ value, key }, index) => {
        const { dtype, shape } = graph.values[value]!;
        const words = randomWords(resolveKey(key, keys), sizeOf(shape));
        if (runtime.onGpu) counter.count('toDevice', words.byteLength);
        feeds[portName.random(index)] = runtime.tensor(dtype, words, shape);
      });
      const results = await session.run(feeds);
      for (const [index, id] of graph.outputs.entries()) {
        const name = portName.output(index);
        const result = results[name]!;
        const data = places?.[name] === 'gpu-buffer' ? result : (result.data as HostData);
        moved('toHost', data);
        values.set(id, data);
      }
    },
    release: () => session.release(),
  };
}

async function runHostStage(graph: Graph, { nodes }: HostStage, { values, writable }: Environment): Promise<void> {
  for (const node of nodes) runHostNode(graph, node, values, writable);
}

function runHostNode(graph: Graph, node: Node, values: Map<ValueId, Data>, writable: ReadonlySet<ValueId>): void {
  const kernel = hostKernels[node.kernel]!;
  const inputs: Record<string, HostData> = {};
  for (const [name, id] of Object.entries(node.inputs)) {
    const data = values.get(id)! as HostData;
    inputs[name] = kernel.overwrites.includes(name) && !writable.has(id) ? copyOf(data, graph, id) : data;
  }
  const outputs = kernel.run(
    inputs,
    node.attrs,
    node.outputs.map((id) => graph.values[id]!),
  );
  for (const [index, id] of node.outputs.entries()) values.set(id, outputs[index]!);
}

function copyOf(data: HostData, graph: Graph, id: ValueId): HostData {
  const { dtype, shape } = graph.values[id]!;
  const copy = allocate(dtype, sizeOf(shape)) as HostData;
  copy.set(data);
  return copy;
}
