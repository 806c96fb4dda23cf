/** The part of ONNX Runtime's JavaScript interface that we use; onnxruntime-node and onnxruntime-web both have it. */
import type { DType, TypedArrayOf } from '@gmlp/base';
import type { OnnxTarget } from '@gmlp/compiler';

export interface OrtTensor {
  readonly data: TypedArrayOf[DType];
}

export interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface OrtRuntime {
  readonly target: OnnxTarget;
  tensor(dtype: DType, data: TypedArrayOf[DType], shape: readonly number[]): OrtTensor;
  /** `multiplyAdds` is the work of one run: a small graph is not worth a pool of threads. */
  session(model: Uint8Array, multiplyAdds: number): Promise<OrtSession>;
}
