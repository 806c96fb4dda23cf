export { type CostReport, costOf, costReport } from './cost.ts';
export type { Attributes, Graph, Node, RandomInput, Value, ValueId } from './graph.ts';
export type { OnnxTarget } from './kernel-rule.ts';
export { isHostKernel } from './kernels/host.ts';
export { portName, toOnnx } from './onnx/to-onnx.ts';
export { optimise } from './optimise.ts';
export { type Placeholder, placeholder } from './placeholder.ts';
export { type Traced, tensorLeaves, trace } from './trace.ts';
export { withBackend } from './with-backend.ts';
