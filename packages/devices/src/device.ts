import type { HostArray, MapLeaves } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Devices by name, the same in Node and in the browser. */
export type DeviceName = 'ort-cpu' | 'tfjs-wasm' | 'tfjs-cpu';

export interface CompileOptions {
  /** Positions of the arguments that the call consumes: their tensors are disposed, their memory is reused where possible. */
  readonly donate?: readonly number[];
}

/**
 * A place where pure functions of trees of tensors run. Calls on one device run in the order in which they were made;
 * several devices may be open at once, and none changes TF.js's active backend.
 */
export interface Device {
  readonly name: DeviceName;
  /**
   * An asynchronous function that does what `fn` does. The leaves of arguments are tensors (of any TF.js backend) and keys;
   * `fn` must be synchronous and must not read values. Compiled devices trace `fn` at the first call for each set of shapes.
   * Inputs stay the caller's unless donated; outputs are the caller's to dispose.
   */
  compile<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
    options?: CompileOptions,
  ): (...args: Arguments) => Promise<Result>;
  /** Copies host arrays (or tensors of another backend) to this device. */
  put<T>(tree: T): MapLeaves<T, HostArray, Tensor>;
  /** Copies tensors of this device to the host. */
  read<T>(tree: T): Promise<MapLeaves<T, Tensor, HostArray>>;
  /** Waits for running calls and frees what the device holds; its tensors cannot be read afterwards. */
  dispose(): Promise<void>;
}
