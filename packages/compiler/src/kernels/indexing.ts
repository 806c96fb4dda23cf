/** Kernels that read or write by index. */
import { type DType, sizeOf } from '@gmlp/base';
import type { Value } from '../graph.ts';
import type { KernelRules, Lowering } from '../kernel-rule.ts';
import { onnxTypeOf } from '../onnx/types.ts';
import { lowerRowSums } from './row-sums.ts';

const toInt64 = (l: Lowering, indices: string): string => l.add('Cast', [indices], { to: onnxTypeOf('int64') });

/** TF.js hands a negative axis through. */
const axisOf = (axis: unknown, { shape }: Value): number => (Number(axis ?? 0) + shape.length) % shape.length;

export const indexing: KernelRules = {
  GatherV2: {
    infer: ({ x, indices }, { axis, batchDims }) => {
      if (Number(batchDims ?? 0) !== 0) throw new Error('GatherV2 with batch dimensions');
      const along = axisOf(axis, x!);
      return [{ shape: [...x!.shape.slice(0, along), ...indices!.shape, ...x!.shape.slice(along + 1)], dtype: x!.dtype }];
    },
    lower: (l) =>
      l.emit('Gather', [l.input('x'), l.input('indices')], [l.output()], { axis: axisOf(l.attrs['axis'], l.value('x')) }),
  },
  OneHot: {
    infer: ({ indices }, { depth, dtype }) => [{ shape: [...indices!.shape, Number(depth)], dtype: (dtype as DType) ?? 'int32' }],
    // ONNX Runtime's WebGPU has no OneHot: compare with 0, 1, 2, ...
    lower: (l) => {
      const { shape } = l.value('indices');
      const depth = Number(l.attrs['depth']);
      const { dtype } = l.outputValues[0]!;
      const classes = l.constant(
        'int32',
        [depth],
        Array.from({ length: depth }, (_, i) => i),
      );
      const column = l.add('Reshape', [l.input('indices'), l.constant('int64', [shape.length + 1], [...shape, 1])]);
      const on = l.constant(dtype, [], [Number(l.attrs['onValue'] ?? 1)]);
      const off = l.constant(dtype, [], [Number(l.attrs['offValue'] ?? 0)]);
      l.emit('Where', [l.add('Equal', [column, classes]), on, off], [l.output()]);
    },
  },
  UnsortedSegmentSum: {
    infer: ({ x }, { numSegments }) => [{ shape: [Number(numSegments), ...x!.shape.slice(1)], dtype: x!.dtype }],
    lower: (l) => lowerRowSums(l, { indices: l.input('segmentIds'), updates: 'x', rows: Number(l.attrs['numSegments']) }),
  },
  // TF.js's n-dimensional indices are rows of coordinates, as ONNX's; ONNX wants them as int64.
  GatherNd: {
    infer: ({ params, indices }) => {
      const depth = indices!.shape.at(-1)!;
      return [{ shape: [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)], dtype: params!.dtype }];
    },
    lower: (l) => l.emit('GatherND', [l.input('params'), toInt64(l, l.input('indices'))], [l.output()]),
  },
  // The coordinates become one row number.
  ScatterNd: {
    infer: ({ updates }, { shape }) => [{ shape: Array.from(shape as ArrayLike<number>), dtype: updates!.dtype }],
    lower: (l) => {
      const shape = Array.from(l.attrs['shape'] as ArrayLike<number>);
      const depth = l.value('indices').shape.at(-1)!;
      const strides = Array.from({ length: depth }, (_, axis) => sizeOf(shape.slice(axis + 1, depth)));
      const scaled = l.add('Mul', [l.input('indices'), l.constant('int32', [depth], strides)]);
      const indices = l.add('ReduceSum', [scaled, l.constant('int64', [1], [-1])], { keepdims: 0 });
      lowerRowSums(l, { indices, updates: 'updates', rows: sizeOf(shape.slice(0, depth)) });
    },
  },
  TensorScatterUpdate: {
    infer: ({ tensor }) => [tensor!],
    lower: (l) => l.emit('ScatterND', [l.input('tensor'), toInt64(l, l.input('indices')), l.input('updates')], [l.output()]),
  },
};
