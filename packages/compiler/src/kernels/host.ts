/** Kernels that devices in the host's memory run there, between ONNX graphs: no ONNX node does them as well. */
import type { KernelRules, Lowering } from '../kernel-rule.ts';
import { lowerRowSums } from './row-sums.ts';

export const hostKernels: KernelRules = {
  GmlpAdamW: {
    infer: ({ parameter, mean, variance }) => [parameter!, mean!, variance!],
    lower: lowerAdamW,
  },
  GmlpScatterAdd: {
    infer: ({ updates }, { rows }) => [{ shape: [Number(rows), ...updates!.shape.slice(1)], dtype: updates!.dtype }],
    lower: (l) => {
      const onto = l.has('onto') ? l.input('onto') : undefined;
      lowerRowSums(l, { indices: l.input('indices'), updates: 'updates', rows: Number(l.attrs['rows']), onto });
    },
  },
};

export function isHostKernel(name: string): boolean {
  return name in hostKernels;
}

/** For devices whose arrays stay on a GPU, as all that is lowered here. The formula is in @gmlp/ops, adamw.ts. */
function lowerAdamW(l: Lowering): void {
  const [beta1, beta2, epsilon, weightDecay] = ['beta1', 'beta2', 'epsilon', 'weightDecay'].map((name) => Number(l.attrs[name]));
  const float = (value: number): string => l.constant('float32', [], [value]);
  const scaled = (x: string, factor: number): string => l.add('Mul', [x, float(factor)]);
  const gradient = l.input('gradient');
  const average = (old: string, decay: number, next: string, factor: string, output: number): string => {
    l.emit('Add', [scaled(old, decay), l.add('Mul', [next, scaled(factor, 1 - decay)])], [l.output(output)]);
    return l.output(output);
  };
  const [step, rate, scale] = [0, 1, 2].map((at) =>
    l.add('Gather', [l.input('clock'), l.constant('int32', [], [at])], { axis: 0 }),
  ) as [string, string, string];
  const mean = average(l.input('mean'), beta1!, gradient, scale, 1);
  const squares = l.add('Mul', [gradient, gradient]);
  const variance = average(l.input('variance'), beta2!, squares, l.add('Mul', [scale, scale]), 2);
  const size = l.add('Div', [rate, oneMinusPower(l, step, beta1!)]);
  const root = l.add('Sqrt', [oneMinusPower(l, step, beta2!)]);
  const denominator = l.add('Add', [l.add('Div', [l.add('Sqrt', [variance]), root]), float(epsilon!)]);
  const change = l.add('Div', [l.add('Mul', [mean, size]), denominator]);
  const keep = l.add('Sub', [float(1), scaled(rate, weightDecay!)]);
  const parameter = l.input('parameter');
  l.emit('Sub', [weightDecay === 0 ? parameter : l.add('Mul', [parameter, keep]), change], [l.output(0)]);
}

/**
 * 1 - base^step = -expm1(x) with x = step ln(base). Near 0 the series -x (1 + x/2 (1 + x/3 (...))), as 1 - exp(x) would lose
 * half of float32's digits at the first steps; its terms beyond the seventh are below float32's rounding for x > -1/4.
 */
function oneMinusPower(l: Lowering, step: string, base: number): string {
  const float = (value: number): string => l.constant('float32', [], [value]);
  const x = l.add('Mul', [step, float(Math.log(base))]);
  let series = float(1);
  for (let term = 7; term >= 2; term--) {
    series = l.add('Add', [l.add('Mul', [l.add('Mul', [x, float(1 / term)]), series]), float(1)]);
  }
  const near = l.add('Mul', [l.add('Neg', [x]), series]);
  const far = l.add('Sub', [float(1), l.add('Exp', [x])]);
  return l.add('Where', [l.add('Greater', [x, float(-0.25)]), near, far]);
}
