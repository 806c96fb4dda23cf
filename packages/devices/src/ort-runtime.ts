/** The part of ONNX Runtime's JavaScript interface that we use; onnxruntime-node and onnxruntime-web both have it. */
import type { DType, TypedArrayOf } from '@gmlp/base';
import type { Target } from '@gmlp/compiler';
import type { GpuWatch } from './watch-gpu.ts';

/**
 * Part of every session's `extra.session`: without it ONNX Runtime's WebGPU may add the parts of a long product with atomics, in
 * an order that its threads make (microsoft/onnxruntime#27003), and CUDA may choose such algorithms.
 */
export const inOrder = { use_deterministic_compute: '1' } as const;

export interface OrtTensor {
  /** For tensors in the host's memory alone. */
  readonly data: TypedArrayOf[DType];
  dispose(): void;
}

export interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** Where a session leaves a result, by the name of its port. */
export type ResultPlaces = Readonly<Record<string, 'cpu' | 'gpu-buffer'>>;

/** `tensor` of a runtime, by its class of tensors. */
export function tensorsOf(Tensor: new (dtype: DType, data: never, shape: readonly number[]) => object): OrtRuntime['tensor'] {
  return (dtype, data, shape) => new Tensor(dtype, data as never, [...shape]) as OrtTensor;
}

export interface OrtRuntime {
  readonly target: Target;
  /** Results stay in the memory of a GPU until they are read, and updates run there too; in the host's memory otherwise. */
  readonly onGpu?: boolean;
  /** Notices what goes wrong on a GPU outside of calls. */
  readonly watch?: GpuWatch;
  tensor(dtype: DType, data: TypedArrayOf[DType], shape: readonly number[]): OrtTensor;
  /** `multiplyAdds` is the work of one run: a small graph is not worth a pool of threads. */
  session(model: Uint8Array, multiplyAdds: number, places?: ResultPlaces): Promise<OrtSession>;
  /** Frees what the runtime holds besides sessions; called once, when its device is closed. */
  release?(): Promise<void>;
}
