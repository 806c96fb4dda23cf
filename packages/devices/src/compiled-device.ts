/** A device that traces functions and runs them with ONNX Runtime. */
import { type DType, GmlpError, type HostArray, isHostArray, type MapLeaves, mapTree } from '@gmlp/base';
import { type Pass, trace } from '@gmlp/compiler';
import * as tf from '@tensorflow/tfjs-core';
import { donatedTensors, readArguments } from './arguments.ts';
import { callQueue } from './call-queue.ts';
import type { CompileOptions, Device, DeviceName } from './device.ts';
import { type DeviceArray, deviceArray, type HostData, hold, isOnHost, letGo } from './device-array.ts';
import { gpuCopies } from './gpu-copies.ts';
import { guardedRuntime } from './guarded-runtime.ts';
import { expectIds } from './id-limits.ts';
import type { OrtRuntime } from './ort-runtime.ts';
import { buildProgram, type Feed, type Program } from './program.ts';
import { type ProgramCache, programCaches } from './program-cache.ts';
import { readTensors } from './read-tensors.ts';
import { StorageBackend } from './storage-backend.ts';
import { transferCounter } from './transfers.ts';

let opened = 0;

/** `passes` replaces the compiler's graph passes; without it they all run. */
export function compiledDevice(name: DeviceName, unguarded: OrtRuntime, passes?: readonly Pass[]): Device {
  const queue = callQueue(name);
  const backendName = `gmlp-${name}-${opened++}`;
  const runtime = guardedRuntime(name, unguarded);
  const counter = transferCounter();
  const copies = gpuCopies(runtime, counter);
  /** In its turn: the values are those at the time of the call. */
  const readArray = (array: DeviceArray): Promise<HostData> => {
    hold(array);
    const job = async (): Promise<HostData> =>
      isOnHost(array.data) ? (array.data.slice() as HostData) : copies.download(array.dtype, array.data);
    return queue.run(job).finally(() => letGo(array));
  };
  const backend = new StorageBackend(name, runtime.onGpu ? readArray : undefined);
  // Priority -1: TF.js never makes it the active backend by itself. Registering starts it: its factory is synchronous.
  tf.registerBackend(backendName, () => backend, -1);
  tf.registerKernel({
    kernelName: 'Identity',
    backendName,
    kernelFunc: ({ inputs }) => {
      backend.incRef(inputs['x']!.dataId);
      return inputs['x']!;
    },
  });
  /** Those whose sessions are not released yet. */
  const programs = new Set<Promise<Program>>();

  /** A tensor that holds the array from now on. */
  const wrap = (array: DeviceArray, shape: readonly number[]): tf.Tensor =>
    tf
      .engine()
      .makeTensorFromTensorInfo({ dataId: backend.adopt(array), shape: [...shape], dtype: array.dtype as tf.DataType }, backend);

  /** Takes what a call needs from a tensor at the time of the call: later changes by the caller do not matter. */
  const feedOf = (tensor: tf.Tensor, donated: boolean): Feed | Promise<Feed> => {
    const own = backend.live(tensor.dataId);
    if (own) return { array: hold(own.array), donated: donated && own.references === 1 };
    const read = tf.engine().read(tensor.dataId) as Promise<HostData>;
    return read.then((data) => ({ array: deviceArray(tensor.dtype as DType, data), donated: false }));
  };

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await queue.close();
    // Arrays first: those on a GPU belong to the sessions that made them.
    if (tf.findBackend(backendName)) tf.removeBackend(backendName);
    for (const program of programs) await (await program.catch(() => undefined))?.release();
    programs.clear();
    await copies.release();
    await runtime.release?.();
  };

  /** In its turn, after the calls that were made before; where results of it are on a GPU, once the last is freed. */
  const release = async (pending: Promise<Program>): Promise<void> => {
    if (closing) return closing;
    return queue.run(async () => {
      const program = await pending.catch(() => undefined);
      const end = async (): Promise<void> => {
        await program?.release();
        programs.delete(pending);
      };
      let ended: Promise<void> | undefined;
      let inTurn = true;
      const begin = (): void => {
        ended = inTurn ? end() : queue.run(end);
        ended.catch(() => undefined); // told below; later the device's end tries again
      };
      if (program) program.results.whenNone(begin);
      else begin();
      inTurn = false;
      await ended;
    });
  };
  const cacheOf = programCaches(release);
  const forgotten = new FinalizationRegistry<ProgramCache>((cache) => void cache.clear().catch(() => undefined));

  return {
    name,
    compile<Arguments extends readonly unknown[], Result>(fn: (...args: Arguments) => Result, options: CompileOptions = {}) {
      const cache = cacheOf(options.maximumShapes);
      let disposed = false;
      const call = async (...args: Arguments): Promise<Result> => {
        queue.expectOpen();
        if (disposed) throw new GmlpError('disposed', 'compiled call: the function was disposed; compile it again');
        const { tensors, names, keys, signature } = readArguments(args);
        const program = cache.get(signature, () => {
          const built = buildProgram({ runtime, copies, counter }, trace(fn as (...args: never[]) => unknown, args), passes);
          programs.add(built);
          // Its calls report a failure; until one's turn comes, the failure is no unhandled rejection.
          built.catch(() => undefined);
          return built;
        });
        const donated = donatedTensors(args, options.donate ?? []);
        const pending = tensors.map((tensor) => feedOf(tensor, donated.has(tensor)));
        for (const feed of pending) if (feed instanceof Promise) feed.catch(() => undefined); // its turn reports it
        for (const tensor of donated) tensor.dispose();
        return queue.run(async () => {
          const feeds: Feed[] = [];
          try {
            for (const feed of pending) feeds.push(await feed);
            const { run, graph, limits, result } = await program;
            expectIds(limits, feeds, names);
            const outputs = await run(feeds, keys);
            return mapTree<number, tf.Tensor, unknown>(result, (index) =>
              wrap(outputs[index]!, graph.values[graph.outputs[index]!]!.shape),
            ) as Result;
          } finally {
            for (const feed of pending) if (!(feed instanceof Promise)) letGo(feed.array);
          }
        });
      };
      const dispose = (): Promise<void> => {
        disposed = true;
        return cache.clear();
      };
      const compiled = Object.assign(call, { dispose });
      forgotten.register(compiled, cache);
      return compiled;
    },
    put<T>(tree: T) {
      queue.expectOpen();
      return mapTree<HostArray | tf.Tensor, tf.Tensor, T>(tree, (leaf) => {
        const onGpu = isHostArray(leaf) ? undefined : backend.live(leaf.dataId)?.array;
        if (runtime.onGpu && onGpu) return wrap(hold(onGpu), leaf.shape); // never overwritten: as good as a copy
        const data = (isHostArray(leaf) ? leaf.data : leaf.dataSync()).slice() as HostData;
        return wrap(deviceArray(leaf.dtype as DType, data), leaf.shape);
      }) as MapLeaves<T, HostArray, tf.Tensor>;
    },
    async read<T>(tree: T) {
      return readTensors(tree, (tensor) => {
        if (tensor.isDisposed) throw new GmlpError('disposed', 'read: the tensor was disposed or donated to a call');
        return tensor.data();
      });
    },
    transfers: () => counter.sums(),
    dispose() {
      closing ??= close();
      return closing;
    },
  };
}
