/**
 * Registers gmlp's own kernels with the TF.js backends that compute on the CPU: the optimiser as one loop over memory instead
 * of a dozen TF.js kernels. Registering is by name, does not need the backend's package, and twice changes nothing.
 */
import { sizeOf } from '@gmlp/base';
import type { DataId, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type AdamWAttributes, adamwInPlace } from './adamw-loop.ts';
import { expectOneTfjs } from './one-tfjs.ts';

/** Float32 tensors of a backend as arrays in the host's memory. */
interface HostMemory {
  read(tensor: TensorInfo): Float32Array;
  /** A new tensor with the values of `tensor`, and the array behind it. An array is valid until the next call of `copy`. */
  copy(tensor: TensorInfo): TensorInfo;
}

interface CpuBackend {
  readonly data: { get(id: DataId): { values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

function cpuMemory(backend: CpuBackend): HostMemory {
  const read = (tensor: TensorInfo): Float32Array => backend.data.get(tensor.dataId).values;
  return { read, copy: (tensor) => backend.makeTensorInfo(tensor.shape, 'float32', read(tensor).slice(0, sizeOf(tensor.shape))) };
}

function wasmMemory(backend: WasmBackend): HostMemory {
  const read = (tensor: TensorInfo): Float32Array => backend.typedArrayFromHeap(tensor);
  return {
    read,
    copy: (tensor) => {
      const output = backend.makeOutput(tensor.shape, 'float32'); // may grow the heap, which voids the arrays read before
      read(output).set(read(tensor));
      return output;
    },
  };
}

function adamwKernel(memory: HostMemory, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
  const input = (name: string): TensorInfo => inputs[name]!;
  const outputs = ['parameter', 'mean', 'variance'].map((name) => memory.copy(input(name)));
  const [parameter, mean, variance] = outputs.map((tensor) => memory.read(tensor)) as [Float32Array, Float32Array, Float32Array];
  const [step, rate] = memory.read(input('clock')) as unknown as [number, number];
  adamwInPlace(parameter, memory.read(input('gradient')), mean, variance, step, rate, attrs as unknown as AdamWAttributes);
  return outputs;
}

function register(backendName: string, memoryOf: (backend: never) => HostMemory): void {
  if (tf.getKernel('GmlpAdamW', backendName)) return;
  const config: KernelConfig = {
    kernelName: 'GmlpAdamW',
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => adamwKernel(memoryOf(backend as never), inputs, attrs ?? {}),
  };
  tf.registerKernel(config);
}

expectOneTfjs();
register('cpu', cpuMemory);
register('wasm', wasmMemory);
