/** A device that runs functions kernel by kernel on a TF.js backend. */
import { GmlpError, type HostArray, hostArray, isHostArray, type MapLeaves, mapTree } from '@gmlp/base';
import { withBackend } from '@gmlp/compiler';
import * as tf from '@tensorflow/tfjs-core';
import { donatedTensors, readArguments } from './arguments.ts';
import { callQueue } from './call-queue.ts';
import type { CompileOptions, Device, DeviceName } from './device.ts';

/** `backend` must be registered and started. */
export function eagerDevice(name: DeviceName, backend: string): Device {
  const queue = callQueue(name);
  return {
    name,
    compile<Arguments extends readonly unknown[], Result>(fn: (...args: Arguments) => Result, options: CompileOptions = {}) {
      return async (...args: Arguments): Promise<Result> => {
        queue.expectOpen();
        const inputs = new Set(readArguments(args).tensors);
        const donated = donatedTensors(args, options.donate ?? []);
        return queue.run(() => {
          const result = withBackend(backend, () =>
            tf.tidy(() => {
              const value = fn(...args);
              if (value instanceof Promise) {
                value.catch(() => undefined); // refused below, whatever becomes of it
                throw new GmlpError('invalid-argument', 'compile: the function returned a promise; it must be synchronous');
              }
              // A result that is an argument would be disposed twice.
              return mapTree<tf.Tensor, tf.Tensor, Result>(value, (leaf) =>
                inputs.has(leaf) ? tf.clone(leaf) : leaf,
              ) as tf.TensorContainer;
            }),
          );
          for (const tensor of donated) tensor.dispose();
          return result as Result;
        });
      };
    },
    put<T>(tree: T) {
      queue.expectOpen();
      return withBackend(backend, () =>
        mapTree<HostArray | tf.Tensor, tf.Tensor, T>(tree, (leaf) => {
          const data = isHostArray(leaf) ? leaf.data : leaf.dataSync();
          return tf.tensor(data.slice() as Float32Array, [...leaf.shape], leaf.dtype as tf.DataType);
        }),
      ) as MapLeaves<T, HostArray, tf.Tensor>;
    },
    async read<T>(tree: T) {
      const pending: Promise<void>[] = [];
      const values = new Map<tf.Tensor, HostArray>();
      mapTree<tf.Tensor, void, T>(tree, (tensor) => {
        pending.push(
          tensor.data().then((data) => {
            values.set(tensor, hostArray(tensor.dtype as 'float32', tensor.shape, (data as Float32Array).slice()));
          }),
        );
      });
      await Promise.all(pending);
      return mapTree<tf.Tensor, HostArray, T>(tree, (tensor) => values.get(tensor)!) as MapLeaves<T, tf.Tensor, HostArray>;
    },
    dispose: () => queue.close(),
  };
}
