/** Kernels that move or make elements and compute nothing. */
import { type DType, GmlpError, sizeOf } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Value } from '../graph.ts';
import type { KernelRules, Lowering } from '../kernel-rule.ts';
import { onnxTypeOf } from '../onnx/types.ts';

/** TF.js passes one number on as it was given. */
const list = (value: unknown): number[] => (typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>));
const int64 = (l: Lowering, values: readonly number[]): string => l.constant('int64', [values.length], values);
const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A value that is the same everywhere, made at run time so that the file stays small. */
function fill(l: Lowering, value: number): void {
  const { shape, dtype } = l.outputValues[0]!;
  l.emit('Expand', [l.constant(dtype, [], [value]), int64(l, shape)], [l.output()]);
}

/** An extent of 0 would mean that of the input, unless `allowzero` says that it is 0. */
function reshape(l: Lowering, input: string): void {
  const { shape } = l.outputValues[0]!;
  l.emit('Reshape', [input, int64(l, shape)], [l.output()], shape.includes(0) ? { allowzero: 1 } : {});
}

export const shapes: KernelRules = {
  Reshape: {
    infer: ({ x }, { shape }) => [{ shape: inferMinusOne(list(shape), x!.shape), dtype: x!.dtype }],
    lower: (l) => reshape(l, l.input('x')),
  },
  ExpandDims: {
    infer: ({ input }, { dim }) => {
      const axis = positive(Number(dim), input!.shape.length + 1);
      return [{ shape: [...input!.shape.slice(0, axis), 1, ...input!.shape.slice(axis)], dtype: input!.dtype }];
    },
    lower: (l) => reshape(l, l.input('input')),
  },
  Transpose: {
    infer: ({ x }, { perm }) => [{ shape: list(perm).map((axis) => x!.shape[axis]!), dtype: x!.dtype }],
    lower: (l) => l.emit('Transpose', [l.input('x')], [l.output()], { perm: list(l.attrs['perm']) }),
  },
  Slice: {
    infer: ({ x }, attrs) => [{ shape: sliceOf(x!, attrs)[1], dtype: x!.dtype }],
    lower: (l) => {
      const source = l.value('x');
      const [starts, shape] = sliceOf(source, l.attrs);
      const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== source.shape[axis]);
      const from = axes.map((axis) => starts[axis]!);
      const ends = axes.map((axis) => starts[axis]! + shape[axis]!);
      if (axes.length === 0) l.emit('Identity', [l.input('x')], [l.output()]);
      else l.emit('Slice', [l.input('x'), int64(l, from), int64(l, ends), int64(l, axes)], [l.output()]);
    },
  },
  Reverse: {
    infer: ({ x }) => [x!],
    lower: (l) => {
      const rank = l.value('x').shape.length;
      const dims = l.attrs['dims'] ?? Array.from({ length: rank }, (_, axis) => axis);
      const axes = list(dims).map((axis) => positive(axis, rank));
      const all = (value: number): string =>
        int64(
          l,
          axes.map(() => value),
        );
      // From the last element down to before the first, which ONNX writes as the smallest number.
      l.emit('Slice', [l.input('x'), all(-1), all(-(2 ** 53)), int64(l, axes), all(-1)], [l.output()]);
    },
  },
  Concat: {
    infer: (inputs, { axis }) => {
      const parts = Object.values(inputs);
      const first = parts[0]!;
      const along = positive(Number(axis), first.shape.length);
      const extent = parts.reduce((sum, part) => sum + part.shape[along]!, 0);
      return [{ shape: first.shape.map((e, i) => (i === along ? extent : e)), dtype: first.dtype }];
    },
    lower: (l) => {
      const names = l.inputNames.map((name) => l.input(name));
      l.emit('Concat', names, [l.output()], { axis: positive(Number(l.attrs['axis']), l.outputValues[0]!.shape.length) });
    },
  },
  Pack: {
    infer: (inputs, { axis }) => {
      const parts = Object.values(inputs);
      const first = parts[0]!;
      const along = positive(Number(axis), first.shape.length + 1);
      return [{ shape: [...first.shape.slice(0, along), parts.length, ...first.shape.slice(along)], dtype: first.dtype }];
    },
    lower: (l) => {
      const axis = positive(Number(l.attrs['axis']), l.outputValues[0]!.shape.length);
      const names = l.inputNames.map((name) => l.add('Unsqueeze', [l.input(name), int64(l, [axis])]));
      l.emit('Concat', names, [l.output()], { axis });
    },
  },
  Unpack: {
    infer: ({ value }, { axis }) => {
      const along = positive(Number(axis), value!.shape.length);
      const shape = value!.shape.filter((_, i) => i !== along);
      return Array.from({ length: value!.shape[along]! }, () => ({ shape, dtype: value!.dtype }));
    },
    lower: (l) => {
      const along = positive(Number(l.attrs['axis']), l.value('value').shape.length);
      l.outputValues.forEach((_, index) => {
        const row = l.add('Slice', [l.input('value'), int64(l, [index]), int64(l, [index + 1]), int64(l, [along])]);
        l.emit('Squeeze', [row, int64(l, [along])], [l.output(index)]);
      });
    },
  },
  SplitV: {
    infer: ({ x }, { numOrSizeSplits, axis }) => {
      const along = positive(Number(axis), x!.shape.length);
      const whole = x!.shape[along]!;
      const sizes =
        typeof numOrSizeSplits === 'number'
          ? Array.from({ length: numOrSizeSplits }, () => whole / numOrSizeSplits)
          : withoutMinusOne(list(numOrSizeSplits), whole);
      return sizes.map((extent) => ({ shape: x!.shape.map((e, i) => (i === along ? extent : e)), dtype: x!.dtype }));
    },
    lower: (l) => {
      const along = positive(Number(l.attrs['axis']), l.value('x').shape.length);
      const sizes = int64(
        l,
        l.outputValues.map((value) => value.shape[along]!),
      );
      l.emit(
        'Split',
        [l.input('x'), sizes],
        l.outputValues.map((_, index) => l.output(index)),
        { axis: along },
      );
    },
  },
  Tile: {
    infer: ({ x }, { reps }) => [{ shape: x!.shape.map((extent, axis) => extent * list(reps)[axis]!), dtype: x!.dtype }],
    // Tiling an axis of extent 1 is broadcasting, which ONNX Runtime does faster.
    lower: (l) => {
      const reps = list(l.attrs['reps']);
      const broadcast = l.value('x').shape.every((extent, axis) => extent === 1 || reps[axis] === 1);
      if (broadcast) l.emit('Expand', [l.input('x'), int64(l, l.outputValues[0]!.shape)], [l.output()]);
      else l.emit('Tile', [l.input('x'), int64(l, reps)], [l.output()]);
    },
  },
  PadV2: {
    infer: ({ x }, { paddings }) => [
      {
        shape: x!.shape.map((extent, axis) => extent + (paddings as number[][])[axis]![0]! + (paddings as number[][])[axis]![1]!),
        dtype: x!.dtype,
      },
    ],
    lower: (l) => {
      const paddings = l.attrs['paddings'] as number[][];
      const pads = int64(l, [...paddings.map((pair) => pair[0]!), ...paddings.map((pair) => pair[1]!)]);
      const value = l.constant(l.outputValues[0]!.dtype, [], [Number(l.attrs['constantValue'])]);
      l.emit('Pad', [l.input('x'), pads, value], [l.output()]);
    },
  },
  Cast: {
    infer: ({ x }, { dtype }) => [{ shape: x!.shape, dtype: dtype as DType }],
    lower: (l) => l.emit('Cast', [l.input('x')], [l.output()], { to: onnxTypeOf(l.outputValues[0]!.dtype) }),
  },
  Fill: {
    infer: (_, { shape, dtype, value }) => [
      { shape: list(shape), dtype: (dtype as DType | undefined) ?? (typeof value === 'boolean' ? 'bool' : 'float32') },
    ],
    lower: (l) => fill(l, Number(l.attrs['value'])),
  },
  ZerosLike: { infer: ({ x }) => [x!], lower: (l) => fill(l, 0) },
  OnesLike: { infer: ({ x }) => [x!], lower: (l) => fill(l, 1) },
  Range: {
    infer: (_, { start, stop, step, dtype }) => [
      { shape: [Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)))], dtype: (dtype as DType) ?? 'float32' },
    ],
    lower: (l) => {
      const { shape, dtype } = l.outputValues[0]!;
      const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => Number(l.attrs['start']) + i * Number(l.attrs['step']));
      l.emit('Identity', [l.constant(dtype, shape, numbers)], [l.output()]);
    },
  },
};

/** Where a slice begins and how large it is, on every axis: TF.js takes numbers, short lists and -1 for the rest. */
function sliceOf({ shape, dtype }: Value, { begin, size }: Attributes): [begin: number[], size: number[]] {
  const described = { shape: [...shape], dtype: dtype as tf.DataType, dataId: {} };
  return tf.slice_util.parseSliceParams(described as tf.TensorInfo as tf.Tensor, begin as number[], size as number[]) as [
    number[],
    number[],
  ];
}

function inferMinusOne(shape: number[], source: readonly number[]): number[] {
  const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const whole = shape.map((extent) => (extent === -1 ? sizeOf(source) / known : extent));
  if (sizeOf(whole) !== sizeOf(source)) {
    throw new GmlpError(
      'shape-mismatch',
      `reshape: [${source.join(', ')}] has ${sizeOf(source)} elements, [${shape.join(', ')}] needs ${known}`,
    );
  }
  return whole;
}

function withoutMinusOne(sizes: number[], whole: number): number[] {
  const known = sizes.reduce((sum, extent) => (extent === -1 ? sum : sum + extent), 0);
  return sizes.map((extent) => (extent === -1 ? whole - known : extent));
}
