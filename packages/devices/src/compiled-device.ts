/** A device that traces functions and runs them with ONNX Runtime. */
import { GmlpError, type HostArray, hostArray, isHostArray, type MapLeaves, mapTree } from '@gmlp/base';
import { type Pass, trace } from '@gmlp/compiler';
import * as tf from '@tensorflow/tfjs-core';
import { donatedTensors, readArguments } from './arguments.ts';
import { callQueue } from './call-queue.ts';
import type { CompileOptions, Device, DeviceName } from './device.ts';
import type { OrtRuntime } from './ort-runtime.ts';
import { buildProgram, type Data, type Feed, type Program } from './program.ts';
import { StorageBackend } from './storage-backend.ts';

let opened = 0;

/** `passes` replaces the compiler's graph passes; without it they all run. */
export function compiledDevice(name: DeviceName, runtime: OrtRuntime, passes?: readonly Pass[]): Device {
  const queue = callQueue(name);
  const backendName = `gmlp-${name}-${opened++}`;
  const backend = new StorageBackend(name);
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
  const programs: Promise<Program>[] = [];

  const wrap = (data: Data, shape: readonly number[], dtype: string): tf.Tensor =>
    tf
      .engine()
      .makeTensorFromTensorInfo({ dataId: backend.adopt(data), shape: [...shape], dtype: dtype as tf.DataType }, backend);

  /** Takes what a call needs from a tensor at the time of the call: later changes by the caller do not matter. */
  const feedOf = (tensor: tf.Tensor, donated: boolean): Feed => {
    const own = backend.live(tensor.dataId);
    if (own) return { data: own.data, donated: donated && own.references === 1 };
    return { data: tf.engine().readSync(tensor.dataId) as Data, donated: false };
  };

  return {
    name,
    compile<Arguments extends readonly unknown[], Result>(fn: (...args: Arguments) => Result, options: CompileOptions = {}) {
      const bySignature = new Map<string, Promise<Program>>();
      return async (...args: Arguments): Promise<Result> => {
        queue.expectOpen();
        const { tensors, keys, signature } = readArguments(args);
        let program = bySignature.get(signature);
        if (!program) {
          program = buildProgram(runtime, trace(fn as (...args: never[]) => unknown, args), passes);
          bySignature.set(signature, program);
          programs.push(program);
          // Its calls report a failure; until one's turn comes, the failure is no unhandled rejection.
          program.catch(() => undefined);
        }
        const donated = donatedTensors(args, options.donate ?? []);
        const feeds = tensors.map((tensor) => feedOf(tensor, donated.has(tensor)));
        for (const tensor of donated) tensor.dispose();
        return queue.run(async () => {
          const { run, graph, result } = await program;
          const outputs = await run(feeds, keys);
          return mapTree<number, tf.Tensor, unknown>(result, (index) => {
            const { shape, dtype } = graph.values[graph.outputs[index]!]!;
            return wrap(outputs[index]!, shape, dtype);
          }) as Result;
        });
      };
    },
    put<T>(tree: T) {
      queue.expectOpen();
      return mapTree<HostArray | tf.Tensor, tf.Tensor, T>(tree, (leaf) =>
        wrap((isHostArray(leaf) ? leaf.data : leaf.dataSync()).slice() as Data, leaf.shape, leaf.dtype),
      ) as MapLeaves<T, HostArray, tf.Tensor>;
    },
    async read<T>(tree: T) {
      return mapTree<tf.Tensor, HostArray, T>(tree, (tensor) => {
        if (tensor.isDisposed) throw new GmlpError('disposed', 'read: the tensor was disposed or donated to a call');
        return hostArray(tensor.dtype as 'float32', tensor.shape, tensor.dataSync() as Float32Array);
      }) as MapLeaves<T, tf.Tensor, HostArray>;
    },
    async dispose() {
      await queue.close();
      for (const program of programs.splice(0)) await (await program.catch(() => undefined))?.release();
      if (tf.findBackend(backendName)) tf.removeBackend(backendName);
    },
  };
}
