import type { DType } from '@gmlp/base';
import type { Attributes, Value } from './graph.ts';
import type { Target } from './target.ts';

export type Inputs = Readonly<Record<string, Value>>;

/** ONNX attribute values that we write: integers, floats (marked), strings and lists of integers. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** Operators of the standard, and those of ONNX Runtime's own. */
export type OnnxDomain = '' | 'com.microsoft';

/** What a lowering may use: the node's own values and a pen that writes ONNX nodes. Names are ONNX value names. */
export interface Lowering {
  readonly attrs: Attributes;
  readonly target: Target;
  /** Names of the inputs in the order TF.js gives them. */
  readonly inputNames: readonly string[];
  input(name: string): string;
  has(name: string): boolean;
  value(name: string): Value;
  readonly outputValues: readonly Value[];
  output(index?: number): string;
  /** A name that nothing has yet. */
  fresh(): string;
  /** Writes a node whose result is a new name, and returns that name. */
  add(op: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): string;
  /** Writes a node whose results are the given names. */
  emit(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Record<string, OnnxAttribute>,
    domain?: OnnxDomain,
  ): void;
  /** The name of an initialiser; equal ones are written once. */
  constant<D extends DType | 'int64'>(dtype: D, shape: readonly number[], data: readonly number[]): string;
}

/** What the compiler knows of one TF.js kernel: the shapes it makes and how ONNX says it. */
export interface KernelRule {
  infer(inputs: Inputs, attrs: Attributes): Value[];
  lower(lowering: Lowering): void;
  /** Multiply-adds, for kernels that are matrix products. */
  multiplyAdds?(inputs: Inputs, attrs: Attributes): number;
}

export type KernelRules = Readonly<Record<string, KernelRule>>;
