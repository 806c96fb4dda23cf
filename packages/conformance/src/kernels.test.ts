/** Every TF.js kernel that the compiler knows gives what TF.js's own CPU backend gives: shapes, dtypes and values. */
import type { HostArray } from '@gmlp/base';
import { kernelNames, toOnnx, trace } from '@gmlp/compiler';
import { scatterAdd } from '@gmlp/ops';
import { expectClose } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { device, ints, normal, runOnce } from './on-every-device.ts';

type Run = (...inputs: never[]) => tf.Tensor | tf.Tensor[];
type Case = readonly [inputs: readonly HostArray[], run: Run];

const x = normal('x', [3, 4, 5]);
const y = normal('y', [3, 4, 5]);
const row = normal('row', [5]);
const matrix = normal('matrix', [4, 6]);
const square = normal('square', [4, 4]);
const positive: HostArray<'float32'> = { ...x, data: x.data.map((value) => Math.abs(value) + 0.5) };
const whole = ints([6], [0, 3, 1, 3, 2, 0]);
const holes: HostArray<'float32'> = { ...row, data: Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, -2, 0) };
const truths: HostArray<'bool'> = { dtype: 'bool', shape: [2, 3], data: Uint8Array.of(1, 0, 1, 1, 1, 1) };
const others: HostArray<'bool'> = { dtype: 'bool', shape: [2, 3], data: Uint8Array.of(0, 0, 1, 0, 1, 1) };

const unary = (run: (x: tf.Tensor) => tf.Tensor, input: HostArray = x): Case[] => [[[input], run as Run]];
const binary = (run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a: HostArray = x): Case[] => [
  [[a, y], run as Run],
  [[a, row], run as Run],
  [[a, normal('column', [3, 1, 1])], run as Run],
];
/** By kernel: calls of the TF.js op that ends in it. */
const cases: Record<string, Case[]> = {
  Abs: unary(tf.abs),
  Neg: unary(tf.neg),
  Exp: unary(tf.exp),
  Log: unary(tf.log, positive),
  Sqrt: unary(tf.sqrt, positive),
  Rsqrt: unary(tf.rsqrt, positive),
  Reciprocal: unary(tf.reciprocal, positive),
  Erf: unary(tf.erf),
  Tanh: unary(tf.tanh),
  Sigmoid: unary(tf.sigmoid),
  Softplus: unary(tf.softplus),
  Relu: unary(tf.relu),
  Floor: unary(tf.floor),
  Ceil: unary(tf.ceil),
  Sin: unary(tf.sin),
  Cos: unary(tf.cos),
  Square: unary(tf.square),
  Expm1: unary(tf.expm1),
  Log1p: unary(tf.log1p, positive),
  Sign: unary(tf.sign),
  Step: [...unary((value) => tf.step(value, 0.25)), ...unary((value) => tf.step(value))],
  ClipByValue: unary((value) => tf.clipByValue(value, -0.5, 0.75)),
  LogicalNot: unary(tf.logicalNot, truths),
  IsNan: unary(tf.isNaN, holes),
  IsFinite: unary(tf.isFinite, holes),
  Add: [...binary(tf.add), [[whole, whole], tf.add as Run]],
  Sub: binary(tf.sub),
  Multiply: binary(tf.mul),
  RealDiv: binary(tf.div),
  Pow: binary((a, b) => tf.pow(a, b), positive),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  SquaredDifference: binary(tf.squaredDifference),
  AddN: [
    [[x, y, x], ((...all: tf.Tensor[]) => tf.addN(all)) as Run],
    [[x, y], ((...all: tf.Tensor[]) => tf.addN(all)) as Run],
  ],
  Equal: [[[whole, ints([6], [0, 1, 1, 3, 3, 0])], tf.equal as Run]],
  NotEqual: [[[whole, ints([6], [0, 1, 1, 3, 3, 0])], tf.notEqual as Run]],
  Greater: binary(tf.greater),
  GreaterEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessEqual: binary(tf.lessEqual),
  LogicalAnd: [[[truths, others], tf.logicalAnd as Run]],
  LogicalOr: [[[truths, others], tf.logicalOr as Run]],
  Select: [[[truths, normal('t', [2, 3]), normal('e', [2, 3])], tf.where as Run]],
  Reshape: unary((value) => tf.reshape(value, [5, -1])),
  ExpandDims: unary((value) => tf.expandDims(value, -2)),
  Transpose: unary((value) => tf.transpose(value, [2, 0, 1])),
  Slice: [...unary((value) => tf.slice(value, [1, 0, 2], [-1, 4, 2])), ...unary((value) => tf.slice(value, 1, 2))],
  Reverse: [
    ...unary((value) => tf.reverse(value, [0, -1])),
    ...unary((value) => tf.reverse(value, 1)),
    ...unary((value) => tf.reverse(value)),
  ],
  Concat: [[[x, y], ((a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], -1)) as Run]],
  Pack: [[[x, y], ((a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b], 1)) as Run]],
  Unpack: [
    [[x], ((value: tf.Tensor) => tf.unstack(value, 1)) as Run],
    [[normal('one', [1, 4, 4])], ((value: tf.Tensor) => tf.unstack(value).map((part) => tf.neg(part))) as Run],
  ],
  SplitV: [
    [[x], ((value: tf.Tensor) => tf.split(value, 2, 1)) as Run],
    [[x], ((value: tf.Tensor) => tf.split(value, [1, 3, -1], -1)) as Run],
    [[x], ((value: tf.Tensor) => tf.split(value, 1, 1).map((part) => tf.neg(part))) as Run],
  ],
  Tile: [...unary((value) => tf.tile(value, [2, 1, 3])), ...unary((value) => tf.tile(tf.reshape(value, [60, 1]), [1, 3]))],
  PadV2: unary((value) =>
    tf.pad(
      value,
      [
        [0, 1],
        [2, 0],
        [0, 0],
      ],
      0.5,
    ),
  ),
  Cast: [
    ...unary((value) => tf.cast(value, 'int32')),
    ...unary((value) => tf.cast(value, 'bool'), whole),
    ...unary((value) => tf.cast(value, 'float32'), truths),
  ],
  Fill: [[[row], ((value: tf.Tensor) => tf.mul(value, tf.fill([5], 2.5))) as Run]],
  ZerosLike: unary(tf.zerosLike),
  OnesLike: unary(tf.onesLike),
  Range: [[[row], ((value: tf.Tensor) => tf.add(value, tf.range(0, 10, 2))) as Run]],
  BatchMatMul: [
    [[matrix, normal('right', [6, 3])], tf.matMul as Run],
    [[matrix, normal('left', [4, 3])], ((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true, false)) as Run],
    [
      [normal('batch', [2, 3, 5]), x],
      ((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, tf.slice(b, [0, 0, 0], [2, 4, 5]), false, true)) as Run,
    ],
    [[normal('one', [1, 4, 4]), x], tf.matMul as Run],
    [[normal('one', [1, 4, 4]), x], ((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true, false)) as Run],
  ],
  _FusedMatMul: [
    [
      [matrix, normal('right', [6, 3]), normal('bias', [3])],
      ((a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor) => tf.fused.matMul({ a, b, bias })) as Run,
    ],
    [
      [normal('three', [2, 4, 6]), normal('right3', [2, 6, 3]), normal('bias', [3])],
      ((a: tf.Tensor3D, b: tf.Tensor3D, bias: tf.Tensor) => tf.fused.matMul({ a, b, bias })) as Run,
    ],
  ],
  Sum: [
    ...unary((value) => tf.sum(value)),
    ...unary((value) => tf.sum(value, [0, 2])),
    ...unary((value) => tf.sum(value, 0), matrix),
    ...unary((value) => tf.sum(value, 1, true)),
    ...unary((value) => tf.sum(value), truths),
  ],
  // Large enough for the paths that share the work among threads.
  'Sum, large': [
    ...unary((value) => tf.sum(value, 0), normal('large', [256, 768])),
    ...unary((value) => tf.sum(value, 0), normal('odd', [257, 768])),
    ...unary((value) => tf.sum(value, 0, true), normal('large', [256, 768])),
  ],
  'BatchMatMul, large row': [
    [[normal('long', [1, 256]), normal('large', [256, 768])], tf.matMul as Run],
    [[normal('odd row', [1, 257]), normal('odd', [257, 768])], tf.matMul as Run],
  ],
  Mean: [...unary((value) => tf.mean(value)), ...unary((value) => tf.mean(value, -1, true))],
  Prod: unary((value) => tf.prod(value, 1)),
  Max: [...unary((value) => tf.max(value)), ...unary((value) => tf.max(value, -1))],
  Min: unary((value) => tf.min(value, [1, 2])),
  All: [...unary((value) => tf.all(value, 1), truths), ...unary((value) => tf.all(value), truths)],
  Any: unary((value) => tf.any(value, 0), others),
  ArgMax: unary((value) => tf.argMax(value, 1)),
  ArgMin: unary((value) => tf.argMin(value, -1)),
  Softmax: unary((value) => tf.softmax(value)),
  GatherV2: [
    [[matrix, whole], tf.gather as Run],
    [[matrix, whole], ((a: tf.Tensor, b: tf.Tensor1D) => tf.gather(a, b, 1)) as Run],
  ],
  OneHot: [[[whole], ((indices: tf.Tensor1D) => tf.oneHot(indices, 4, 2, -1)) as Run]],
  UnsortedSegmentSum: [
    [[normal('rows', [6, 3]), whole], ((rows: tf.Tensor2D, ids: tf.Tensor1D) => tf.unsortedSegmentSum(rows, ids, 5)) as Run],
  ],
  GatherNd: [[[x, ints([2, 2], [0, 1, 2, 3])], tf.gatherND as Run]],
  ScatterNd: [
    [
      [ints([3, 1], [4, 1, 4]), normal('updates', [3, 2])],
      ((at: tf.Tensor, updates: tf.Tensor) => tf.scatterND(at, updates, [5, 2])) as Run,
    ],
  ],
  TensorScatterUpdate: [
    [
      [square, ints([2, 1], [3, 0]), normal('updates4', [2, 4])],
      ((to: tf.Tensor, at: tf.Tensor, updates: tf.Tensor) => tf.tensorScatterUpdate(to, at, updates)) as Run,
    ],
  ],
  GmlpScatterAdd: [
    [[whole, normal('rows', [6, 3])], ((indices: tf.Tensor1D, updates: tf.Tensor2D) => scatterAdd(indices, updates, 5)) as Run],
  ],
};

/** Held to golden values, finite differences and compiled-equals-eager as the ops that they are. */
const testedAsOps = [
  'GmlpGelu',
  'GmlpGeluGradient',
  'GmlpLayerNorm',
  'GmlpCountedLabels',
  'GmlpKeepRows',
  'GmlpKeepMask',
  'GmlpAdamW',
];

describe('kernels, compiled and on the cpu', () => {
  it.each(Object.entries(cases))('%s', async (_, list) => {
    const [compiled, eager] = [await device('ort-cpu'), await device('tfjs-cpu')];
    for (const [inputs, run] of list) {
      const fn = (...tensors: tf.Tensor[]): tf.Tensor[] => [run(...(tensors as never[]))].flat();
      const expected = await runOnce(eager, eager.compile(fn), inputs);
      const actual = await runOnce(compiled, compiled.compile(fn), inputs);
      expect(actual.map(({ dtype }) => dtype)).toEqual(expected.map(({ dtype }) => dtype));
      for (const [index, value] of expected.entries()) expectClose(actual[index]!, value);
    }
  });

  // ONNX's attribute of nodes that add where they write: ONNX Runtime lets threads do that in any order, and loses updates.
  it.each(['any', 'cpu'] as const)('no graph scatters with a sum, for %s', (provider) => {
    for (const [inputs, run] of Object.values(cases).flat()) {
      const { graph } = trace((...tensors: never[]) => [run(...tensors)].flat(), inputs);
      expect(Buffer.from(toOnnx(graph, { provider, precision: 'float32' })).includes('reduction')).toBe(false);
    }
  });

  it('no kernel is left out', () => {
    const tested = Object.keys(cases).filter((name) => !name.includes(','));
    expect([...tested, ...testedAsOps].sort()).toEqual([...kernelNames].sort());
  });
});
