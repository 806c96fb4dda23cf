import type { DType } from '@gmlp/base';

/** TensorProto.DataType of onnx.proto. */
const codes = { float32: 1, int32: 6, int64: 7, bool: 9, uint32: 12 } as const;

export type OnnxDType = DType | 'int64';

export function onnxTypeOf(dtype: OnnxDType): number {
  return codes[dtype];
}
