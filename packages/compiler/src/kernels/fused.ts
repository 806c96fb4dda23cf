/** Our own kernels (see @gmlp/ops) that ONNX has as one node, or as few. */
import type { KernelRules, Lowering } from '../kernel-rule.ts';

export const fused: KernelRules = {
  GmlpGelu: {
    infer: ({ x }) => [x!],
    lower: (l) =>
      l.emit('Gelu', [l.input('x')], [l.output()], { approximate: l.attrs['approximate'] === 'tanh' ? 'tanh' : 'none' }),
  },
  // dy (Phi(x) + x phi(x)). HardSigmoid is Phi = erf(s) / 2 + 1 / 2 in one pass (it cuts at 0 and 1, where Phi ends);
  // the factor of phi is inside of the exponential, exp(log(1 / sqrt pi) - s s) s with s = x / sqrt 2.
  GmlpGeluGradient: {
    infer: ({ x }) => [x!],
    lower: (l) => {
      if (l.attrs['approximate'] === 'tanh') lowerTanhGradient(l);
      else lowerErfGradient(l);
    },
  },
  GmlpLayerNorm: {
    infer: ({ x }) => {
      const statistics = { shape: [...x!.shape.slice(0, -1), 1], dtype: 'float32' as const };
      return [x!, statistics, statistics];
    },
    lower: (l) =>
      l.emit('LayerNormalization', [l.input('x'), l.input('scale'), l.input('offset')], [l.output(0), l.output(1), l.output(2)], {
        axis: -1,
        epsilon: { float: Number(l.attrs['epsilon']) },
      }),
  },
};

const float = (l: Lowering, value: number): string => l.constant('float32', [], [value]);

function lowerErfGradient(l: Lowering): void {
  const s = l.add('Mul', [l.input('x'), float(l, Math.SQRT1_2)]);
  const distribution = l.add('HardSigmoid', [l.add('Erf', [s])], { alpha: { float: 0.5 }, beta: { float: 0.5 } });
  const exponent = l.add('Sub', [float(l, -0.5 * Math.log(Math.PI)), l.add('Mul', [s, s])]);
  const bell = l.add('Mul', [s, l.add('Exp', [exponent])]);
  l.emit('Mul', [l.input('dy'), l.add('Add', [distribution, bell])], [l.output()]);
}

/** (1 + t) / 2 + x (1 - t^2) u' / 2 with t = tanh u = 2 S - 1, so 1 - t^2 = 4 S (1 - S): all in S = sigmoid(2 u). */
function lowerTanhGradient(l: Lowering): void {
  const scale = Math.sqrt(2 / Math.PI);
  const x = l.input('x');
  const squared = l.add('Mul', [x, x]);
  const cubic = l.add('Add', [l.add('Mul', [squared, float(l, 2 * scale * 0.044715)]), float(l, 2 * scale)]);
  const sigmoid = l.add('Sigmoid', [l.add('Mul', [x, cubic])]);
  const slope = l.add('Add', [l.add('Mul', [squared, float(l, 6 * scale * 0.044715)]), float(l, 2 * scale)]);
  const other = l.add('Sub', [float(l, 1), sigmoid]);
  const bell = l.add('Mul', [l.add('Mul', [x, slope]), other]);
  const derivative = l.add('Mul', [sigmoid, l.add('Add', [bell, float(l, 1)])]);
  l.emit('Mul', [l.input('dy'), derivative], [l.output()]);
}
