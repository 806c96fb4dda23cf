/**
 * Registers gmlp's own kernels with the TF.js backends that compute on the CPU: the optimiser as one loop over memory instead
 * of a dozen TF.js kernels, and the sums of rows. Registering is by name, does not need the backend's package, and twice changes nothing.
 */
import { sizeOf } from '@gmlp/base';
import type { DataId, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type AdamWAttributes, adamwInPlace } from './adamw-loop.ts';
import { addRows } from './add-rows.ts';
import type { FusedKernelName } from './fused-kernel.ts';
import { expectOneTfjs } from './one-tfjs.ts';

/** Tensors of a backend as arrays in the host's memory. An array is valid until the next tensor is made. */
interface HostMemory {
  floats(tensor: TensorInfo): Float32Array;
  ints(tensor: TensorInfo): Int32Array;
  zeros(shape: number[]): TensorInfo;
  /** A new tensor with the values of `tensor`. */
  copy(tensor: TensorInfo): TensorInfo;
}

interface CpuBackend {
  readonly data: { get(id: DataId): { values: unknown } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): unknown;
}

function cpuMemory(backend: CpuBackend): HostMemory {
  const floats = ({ dataId, shape }: TensorInfo): Float32Array =>
    (backend.data.get(dataId).values as Float32Array).subarray(0, sizeOf(shape));
  return {
    floats,
    ints: ({ dataId, shape }) => (backend.data.get(dataId).values as Int32Array).subarray(0, sizeOf(shape)),
    zeros: (shape) => backend.makeTensorInfo(shape, 'float32', new Float32Array(sizeOf(shape))),
    copy: (tensor) => backend.makeTensorInfo(tensor.shape, 'float32', floats(tensor).slice()),
  };
}

function wasmMemory(backend: WasmBackend): HostMemory {
  const floats = (tensor: TensorInfo): Float32Array => backend.typedArrayFromHeap(tensor) as Float32Array;
  // Making an output may grow the heap, which voids the arrays read before.
  return {
    floats,
    ints: (tensor) => backend.typedArrayFromHeap(tensor) as Int32Array,
    zeros: (shape) => {
      const output = backend.makeOutput(shape, 'float32');
      floats(output).fill(0);
      return output;
    },
    copy: (tensor) => {
      const output = backend.makeOutput(tensor.shape, 'float32');
      floats(output).set(floats(tensor));
      return output;
    },
  };
}

function scatterAddKernel(memory: HostMemory, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
  const [indices, updates] = [inputs['indices']!, inputs['updates']!];
  const channels = updates.shape[1]!;
  const output = memory.zeros([Number(attrs['rows']), channels]);
  addRows(memory.floats(output), memory.ints(indices), memory.floats(updates), channels);
  return [output];
}

function adamwKernel(memory: HostMemory, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
  const input = (name: string): TensorInfo => inputs[name]!;
  const outputs = ['parameter', 'mean', 'variance'].map((name) => memory.copy(input(name)));
  const [parameter, mean, variance] = outputs.map((tensor) => memory.floats(tensor)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [step, rate, scale] = memory.floats(input('clock')) as unknown as [number, number, number];
  const gradient = memory.floats(input('gradient'));
  adamwInPlace(parameter, gradient, mean, variance, { step, rate, scale }, attrs as unknown as AdamWAttributes);
  return outputs;
}

const kernels = { GmlpAdamW: adamwKernel, GmlpScatterAdd: scatterAddKernel } satisfies Partial<Record<FusedKernelName, unknown>>;

function register(backendName: string, memoryOf: (backend: never) => HostMemory): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, backendName)) continue;
    const config: KernelConfig = {
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => kernel(memoryOf(backend as never), inputs, attrs ?? {}),
    };
    tf.registerKernel(config);
  }
}

expectOneTfjs();
register('cpu', cpuMemory);
register('wasm', wasmMemory);
