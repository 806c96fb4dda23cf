import type { HostArray, MapLeaves } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Transfers } from './transfers.ts';

/** A tree of host arrays with the structure of a tree of tensors. */
export type Host<T> = MapLeaves<T, Tensor, HostArray>;

/** Devices by name, the same in Node and in the browser. */
export type DeviceName =
  | 'ort-cpu'
  | 'ort-cuda'
  | 'ort-webgpu'
  | 'ort-wasm'
  | 'tfjs-webgpu'
  | 'tfjs-node'
  | 'tfjs-wasm'
  | 'tfjs-cpu';

export interface CompileOptions {
  /** Positions of the arguments that the call consumes: their tensors are disposed, their memory is reused where possible. */
  readonly donate?: readonly number[];
  /**
   * A compiled device keeps what it made for so many sets of shapes, 32 by default, and for 128 of all its functions together; the
   * set longest unused goes first, and is traced again when it comes back.
   */
  readonly maximumShapes?: number;
}

/** What `compile` gives. What is held for it goes with `dispose`, some time after the last reference to it, or with the device. */
export interface CompiledFunction<Arguments extends readonly unknown[], Result> {
  (...args: Arguments): Promise<Result>;
  /** Frees what is held for the function, after the calls made before. Their results stay; a later call is an error. */
  dispose(): Promise<void>;
}

/**
 * A place where pure functions of trees of tensors run. Calls on one device run in the order in which they were made;
 * several devices may be open at once, and none changes TF.js's active backend. What goes wrong on a GPU is thrown by the
 * next call or read, as `device-lost`, `out-of-memory` or `device-failure`; open the device again after it.
 */
export interface Device {
  readonly name: DeviceName;
  /**
   * An asynchronous function that does what `fn` does. The leaves of arguments are tensors (of any TF.js backend) and keys;
   * `fn` must be synchronous and must not read values. Compiled devices trace `fn` at the first call for each set of shapes: compile
   * once, and keep the function for all calls.
   * Inputs stay the caller's unless donated; outputs are the caller's to dispose.
   */
  compile<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
    options?: CompileOptions,
  ): CompiledFunction<Arguments, Result>;
  /**
   * Copies host arrays (or tensors of this device, or of a backend that can be read at once) to this device. Where a type is expected
   * or given (`put<Parameters>(values)`), the tree must hold its arrays; else the type follows from the tree.
   */
  put<P = never>(tree: Host<NoInfer<P>>): P;
  put<T>(tree: T): MapLeaves<T, HostArray, Tensor>;
  /** Copies tensors of this device to the host. */
  read<T>(tree: T): Promise<Host<T>>;
  /** What went between the host's memory and the device's own so far. Nothing, where they are one. */
  transfers(): Transfers;
  /** Waits for running calls and frees what the device holds; its tensors cannot be read afterwards. */
  dispose(): Promise<void>;
}
