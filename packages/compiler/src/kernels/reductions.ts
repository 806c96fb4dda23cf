/** Kernels that fold axes: sums, means, extremes, softmax. */
import type { Attributes, Value } from '../graph.ts';
import type { KernelRule, KernelRules, Lowering } from '../kernel-rule.ts';
import { onnxTypeOf } from '../onnx/types.ts';
import { lowerRowProduct } from './row-product.ts';

function axesOf(attribute: unknown, rank: number): number[] {
  const axes = attribute === undefined || attribute === null ? Array.from({ length: rank }, (_, i) => i) : attribute;
  return (typeof axes === 'number' ? [axes] : Array.from(axes as ArrayLike<number>)).map((axis) =>
    axis < 0 ? axis + rank : axis,
  );
}

function reducedShape(x: Value, axes: readonly number[], keepDims: boolean): number[] {
  return x.shape.flatMap((extent, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [extent]));
}

const reduction = (op: string, axisAttribute = 'axis'): KernelRule => {
  const axes = (attrs: Attributes, rank: number) => axesOf(attrs[axisAttribute], rank);
  return {
    infer: ({ x }, attrs) => [
      {
        shape: reducedShape(x!, axes(attrs, x!.shape.length), attrs['keepDims'] === true),
        dtype: x!.dtype === 'bool' ? 'int32' : x!.dtype,
      },
    ],
    lower: (l) => {
      const over = axes(l.attrs, l.value('x').shape.length);
      const keepdims = l.attrs['keepDims'] === true ? 1 : 0;
      if (over.length === 0) l.emit('Identity', [l.input('x')], [l.output()]);
      else l.emit(op, [l.input('x'), l.constant('int64', [over.length], over)], [l.output()], { keepdims });
    },
  };
};

/** Whether any or all of a bool tensor's elements are true: the largest or smallest of them as a number. */
const logical = (op: 'ReduceMax' | 'ReduceMin'): KernelRule => ({
  infer: ({ x }, attrs) => [
    { shape: reducedShape(x!, axesOf(attrs['axis'], x!.shape.length), attrs['keepDims'] === true), dtype: 'bool' },
  ],
  lower: (l) => {
    const over = axesOf(l.attrs['axis'], l.value('x').shape.length);
    const numbers = l.add('Cast', [l.input('x')], { to: 1 });
    const axes = l.constant('int64', [over.length], over);
    const folded = l.add(op, [numbers, axes], { keepdims: l.attrs['keepDims'] === true ? 1 : 0 });
    l.emit('Cast', [folded], [l.output()], { to: 9 });
  },
});

const extremeIndex = (op: string): KernelRule => ({
  infer: ({ x }, { axis }) => [{ shape: reducedShape(x!, axesOf(axis, x!.shape.length), false), dtype: 'int32' }],
  lower: (l) => {
    const [axis] = axesOf(l.attrs['axis'], l.value('x').shape.length);
    l.emit('Cast', [l.add(op, [l.input('x')], { axis: axis!, keepdims: 0 })], [l.output()], { to: 6 });
  },
});

const floatMean = reduction('ReduceMean');

/** The mean of integers or bools is a float, as in TF.js. */
const mean: KernelRule = {
  infer: (inputs, attrs) => floatMean.infer(inputs, attrs).map(({ shape }) => ({ shape, dtype: 'float32' })),
  lower: (l) => {
    if (l.value('x').dtype === 'float32') floatMean.lower(l);
    else floatMean.lower({ ...l, input: (name) => l.add('Cast', [l.input(name)], { to: onnxTypeOf('float32') }) });
  },
};

const sum = reduction('ReduceSum');

/** The sum over the rows of a matrix is a product with a row of ones, faster than ReduceSum on ONNX Runtime's CPU. */
function lowerSum(l: Lowering): void {
  const x = l.value('x');
  const axes = axesOf(l.attrs['axis'], x.shape.length);
  const overRows = x.shape.length === 2 && x.dtype === 'float32' && axes.length === 1 && axes[0] === 0;
  if (!overRows) {
    sum.lower(l);
    return;
  }
  const [rows, columns] = x.shape as [number, number];
  const row = l.fresh();
  lowerRowProduct(l, l.constant('float32', [1, rows], new Array(rows).fill(1)), l.input('x'), rows, columns, row);
  l.emit('Reshape', [row, l.constant('int64', [l.outputValues[0]!.shape.length], l.outputValues[0]!.shape)], [l.output()]);
}

export const reductions: KernelRules = {
  Sum: { ...sum, lower: lowerSum },
  Mean: mean,
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax', 'reductionIndices'),
  Min: reduction('ReduceMin'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: extremeIndex('ArgMax'),
  ArgMin: extremeIndex('ArgMin'),
  Softmax: {
    infer: ({ logits }) => [logits!],
    lower: (l) => l.emit('Softmax', [l.input('logits')], [l.output()], { axis: Number(l.attrs['dim']) }),
  },
};
