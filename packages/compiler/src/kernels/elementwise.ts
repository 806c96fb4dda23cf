/** Kernels that work element by element, with broadcasting. */
import type { DType } from '@gmlp/base';
import type { Inputs, KernelRule, KernelRules, Lowering } from '../kernel-rule.ts';
import { onnxTypeOf } from '../onnx/types.ts';
import { broadcastShapes } from './broadcast-shapes.ts';

const unary = (lower: (lowering: Lowering, x: string) => void): KernelRule => ({
  infer: ({ x }) => [x!],
  lower: (lowering) => lower(lowering, lowering.input('x')),
});

const unaryNode = (op: string): KernelRule => unary((l, x) => l.emit(op, [x], [l.output()]));

const wider = (a: DType, b: DType): DType => (a === 'float32' || b === 'float32' ? 'float32' : a === 'bool' ? b : a);

const inferBinary = ({ a, b }: Inputs) => [{ shape: broadcastShapes(a!.shape, b!.shape), dtype: wider(a!.dtype, b!.dtype) }];

const binary = (op: string): KernelRule => ({
  infer: inferBinary,
  lower: (l) => l.emit(op, [l.input('a'), l.input('b')], [l.output()]),
});

const comparison = (op: string): KernelRule => ({
  infer: ({ a, b }) => [{ shape: broadcastShapes(a!.shape, b!.shape), dtype: 'bool' }],
  lower: (l) => l.emit(op, [l.input('a'), l.input('b')], [l.output()]),
});

const scalar = (l: Lowering, value: number): string => l.constant(l.outputValues[0]!.dtype, [], [value]);

export const elementwise: KernelRules = {
  Abs: unaryNode('Abs'),
  Neg: unaryNode('Neg'),
  Exp: unaryNode('Exp'),
  Log: unaryNode('Log'),
  Sqrt: unaryNode('Sqrt'),
  Reciprocal: unaryNode('Reciprocal'),
  Erf: unaryNode('Erf'),
  Tanh: unaryNode('Tanh'),
  Sigmoid: unaryNode('Sigmoid'),
  Softplus: unaryNode('Softplus'),
  Relu: unaryNode('Relu'),
  Floor: unaryNode('Floor'),
  Ceil: unaryNode('Ceil'),
  Sin: unaryNode('Sin'),
  Cos: unaryNode('Cos'),
  LogicalNot: unaryNode('Not'),
  Square: unary((l, x) => l.emit('Mul', [x, x], [l.output()])),
  Rsqrt: unary((l, x) => l.emit('Reciprocal', [l.add('Sqrt', [x])], [l.output()])),
  Expm1: unary((l, x) => l.emit('Sub', [l.add('Exp', [x]), scalar(l, 1)], [l.output()])),
  Log1p: unary((l, x) => l.emit('Log', [l.add('Add', [x, scalar(l, 1)])], [l.output()])),
  // ONNX Runtime's WebGPU has no Sign: (x > 0) - (x < 0).
  Sign: unary((l, x) => {
    const zero = scalar(l, 0);
    const to = onnxTypeOf(l.outputValues[0]!.dtype);
    const positive = l.add('Cast', [l.add('Greater', [x, zero])], { to });
    const negative = l.add('Cast', [l.add('Less', [x, zero])], { to });
    l.emit('Sub', [positive, negative], [l.output()]);
  }),
  Step: unary((l, x) => {
    const positive = l.add('Greater', [x, scalar(l, 0)]);
    l.emit('Where', [positive, scalar(l, 1), scalar(l, Number(l.attrs['alpha'] ?? 0))], [l.output()]);
  }),
  ClipByValue: unary((l, x) => {
    const { clipValueMin, clipValueMax } = l.attrs;
    l.emit('Clip', [x, scalar(l, Number(clipValueMin)), scalar(l, Number(clipValueMax))], [l.output()]);
  }),

  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  SquaredDifference: {
    infer: inferBinary,
    lower: (l) => {
      const difference = l.add('Sub', [l.input('a'), l.input('b')]);
      l.emit('Mul', [difference, difference], [l.output()]);
    },
  },
  AddN: {
    infer: (inputs) => [inputs['0']!],
    lower: (l) => {
      const names = l.inputNames.map((name) => l.input(name));
      const last = names.slice(1, -1).reduce((sum, next) => l.add('Add', [sum, next]), names[0]!);
      l.emit('Add', [last, names.at(-1)!], [l.output()]);
    },
  },

  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: comparison('And'),
  NotEqual: {
    infer: comparison('Equal').infer,
    lower: (l) => l.emit('Not', [l.add('Equal', [l.input('a'), l.input('b')])], [l.output()]),
  },
  // ONNX Runtime's WebGPU has no Or: not (not a and not b).
  LogicalOr: {
    infer: comparison('And').infer,
    lower: (l) => {
      const neither = l.add('And', [l.add('Not', [l.input('a')]), l.add('Not', [l.input('b')])]);
      l.emit('Not', [neither], [l.output()]);
    },
  },
  Select: {
    infer: ({ condition, t, e }) => [
      { shape: broadcastShapes(condition!.shape, broadcastShapes(t!.shape, e!.shape)), dtype: wider(t!.dtype, e!.dtype) },
    ],
    lower: (l) => {
      const { dtype } = l.outputValues[0]!;
      const branch = (name: 't' | 'e'): string =>
        l.value(name).dtype === dtype ? l.input(name) : l.add('Cast', [l.input(name)], { to: onnxTypeOf(dtype) });
      l.emit('Where', [l.input('condition'), branch('t'), branch('e')], [l.output()]);
    },
  },
  // NaN is the only number that differs from itself.
  IsNan: {
    infer: ({ x }) => [{ shape: x!.shape, dtype: 'bool' }],
    lower: (l) => l.emit('Not', [l.add('Equal', [l.input('x'), l.input('x')])], [l.output()]),
  },
  IsFinite: {
    infer: ({ x }) => [{ shape: x!.shape, dtype: 'bool' }],
    lower: (l) => {
      const largest = l.constant('float32', [], [3.4028234663852886e38]);
      l.emit('LessOrEqual', [l.add('Abs', [l.input('x')]), largest], [l.output()]);
    },
  },
};
