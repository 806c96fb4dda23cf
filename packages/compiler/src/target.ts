/** Who runs a graph: what a pass or a lowering may rely on. */
export interface Target {
  /** `any` takes the standard's operators alone, as an exported model must; the others are execution providers of ONNX Runtime. */
  readonly provider: 'any' | 'cpu' | 'cuda' | 'webgpu';
  /** What numbers are computed in. */
  readonly precision: 'float32';
}

export const anyProvider: Target = { provider: 'any', precision: 'float32' };
