import { expect, it } from 'vitest';
import { adamwInPlace } from './adamw-loop.ts';
import { plainLoop } from './adamw-plain-loop.ts';
import { vectorLoop } from './adamw-vector-loop.ts';
import { normal } from './each-backend.ts';

const arrays = (count: number, offset = 0) =>
  (['p', 'g', 'm', 'v'] as const).map((name) => {
    const values = normal(name, [count + offset]).data.subarray(offset);
    return name === 'v' ? values.map((value) => value * value) : values;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];

it('the vector loop gives the bits of the plain one, for every remainder and across blocks', () => {
  const loop = vectorLoop();
  expect(loop).toBeDefined();
  for (const count of [0, 1, 2, 3, 4, 5, 7, 1000, 8191, 8192, 8193, 20001]) {
    const [a, b] = [arrays(count, 3), arrays(count, 3)];
    for (const rate of [1e-3, 0.1]) {
      const coefficients = [1 - rate * 0.1, 0.9, 0.1, 0.98, 0.02, rate, 1.5, 1e-6] as const;
      loop!(...a, coefficients);
      plainLoop(...b, coefficients);
    }
    expect(a).toEqual(b);
  }
});

it('the formula in float64, to float32 rounding, and arrays inside a larger buffer keep their neighbours', () => {
  const [p, g, m, v] = arrays(100);
  const buffer = new Float32Array(102).fill(7);
  const parameter = buffer.subarray(1, 101);
  parameter.set(p);
  const [mean, variance] = [m.slice(), v.slice()];
  const attributes = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.05 };
  adamwInPlace(parameter, g, mean, variance, { step: 3, rate: 0.01, scale: 0.5 }, attributes);
  for (let i = 0; i < 100; i++) {
    const average = 0.9 * m[i]! + 0.1 * 0.5 * g[i]!;
    const square = 0.98 * v[i]! + 0.02 * (0.5 * g[i]!) ** 2;
    const change = (0.01 / (1 - 0.9 ** 3)) * (average / (Math.sqrt(square) / Math.sqrt(1 - 0.98 ** 3) + 1e-6));
    expect(mean[i]).toBeCloseTo(average, 6);
    expect(variance[i]).toBeCloseTo(square, 6);
    expect(parameter[i]).toBeCloseTo(p[i]! * (1 - 0.01 * 0.05) - change, 6);
  }
  expect([buffer[0], buffer[101]]).toEqual([7, 7]);
});
