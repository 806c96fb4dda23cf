/** A device that runs functions kernel by kernel on a TF.js backend. */
import { GmlpError, type HostArray, isHostArray, type MapLeaves, mapTree, pathName } from '@gmlp/base';
import { withBackend } from '@gmlp/compiler';
import * as tf from '@tensorflow/tfjs-core';
import { donatedTensors, readArguments } from './arguments.ts';
import { callQueue } from './call-queue.ts';
import type { CompileOptions, Device, DeviceName } from './device.ts';
import { readTensors } from './read-tensors.ts';
import { transferCounter } from './transfers.ts';
import type { GpuWatch } from './watch-gpu.ts';

/** The result with a clone for each tensor that `body` did not make itself or gives a second time: each is the caller's alone. */
function ownTensors<Result>(body: () => Result): tf.TensorContainer {
  const firstId = tf.scalar(0).id; // ids count up
  const value = body();
  if (value instanceof Promise) {
    value.catch(() => undefined); // refused below, whatever becomes of it
    throw new GmlpError('invalid-argument', 'compile: the function returned a promise; it must be synchronous');
  }
  const given = new Set<tf.Tensor>();
  return mapTree<tf.Tensor, tf.Tensor, Result>(value, (leaf, path) => {
    if (!(leaf instanceof tf.Tensor)) {
      const place = path.length ? ` at ${pathName(path)}` : '';
      throw new GmlpError('invalid-argument', `compile: the function must return tensors, got ${typeof leaf}${place}`);
    }
    const own = leaf.id > firstId && !given.has(leaf);
    given.add(leaf);
    return own ? leaf : tf.clone(leaf);
  }) as tf.TensorContainer;
}

/** `backend` must be registered and started. `watch` is of the GPU that it computes on; its memory is then not the host's. */
export function eagerDevice(name: DeviceName, backend: string, watch?: GpuWatch): Device {
  const queue = callQueue(name);
  const counter = transferCounter();
  const moved = (way: 'toDevice' | 'toHost', { byteLength }: ArrayBufferView): void => {
    if (watch) counter.count(way, byteLength);
  };
  return {
    name,
    compile<Arguments extends readonly unknown[], Result>(fn: (...args: Arguments) => Result, options: CompileOptions = {}) {
      let disposed = false;
      const call = async (...args: Arguments): Promise<Result> => {
        queue.expectOpen();
        if (disposed) throw new GmlpError('disposed', 'compiled call: the function was disposed; compile it again');
        watch?.expectWell();
        readArguments(args); // refuses what is neither a tensor nor a key
        const donated = donatedTensors(args, options.donate ?? []);
        // Within the call, before it returns its promise: what the caller does to the arguments afterwards does not matter.
        const result = withBackend(backend, () => tf.tidy(() => ownTensors<Result>(() => fn(...args))));
        for (const tensor of donated) tensor.dispose();
        return result as Result;
      };
      const dispose = async (): Promise<void> => {
        disposed = true; // nothing is held for it
      };
      return Object.assign(call, { dispose });
    },
    put<T>(tree: T) {
      queue.expectOpen();
      watch?.expectWell();
      return withBackend(backend, () =>
        mapTree<HostArray | tf.Tensor, tf.Tensor, T>(tree, (leaf) => {
          // TF.js's tensors are never overwritten: another one of the same data is as good as a copy.
          if (!isHostArray(leaf) && isOn(backend, leaf)) return tf.clone(leaf);
          const data = isHostArray(leaf) ? leaf.data : leaf.dataSync();
          moved('toDevice', data as Float32Array);
          return tf.tensor(data.slice() as Float32Array, [...leaf.shape], leaf.dtype as tf.DataType);
        }),
      ) as MapLeaves<T, HostArray, tf.Tensor>;
    },
    async read<T>(tree: T) {
      watch?.expectWell();
      const all = readTensors(tree, async (tensor) => {
        const data = await tensor.data();
        moved('toHost', data);
        return data.slice();
      });
      return watch ? watch.during(all) : all;
    },
    transfers: () => counter.sums(),
    dispose: () => queue.close(),
  };
}

function isOn(backend: string, tensor: tf.Tensor): boolean {
  return tf.engine().state.tensorInfo.get(tensor.dataId)?.backend === tf.findBackend(backend);
}
