/**
 * AdamW's update (adamw-loop.ts) as a loop in JavaScript. Every operation is rounded to float32, as WebAssembly's are, so that
 * both give the same bits; V8 converts at each rounding, which is why it takes six times as long.
 */
/** keep, b1, c1, b2, c2, size, inverseRoot, epsilon of the formula. */
export type AdamWCoefficients = readonly [number, number, number, number, number, number, number, number];

export type AdamWLoop = (
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  coefficients: AdamWCoefficients,
) => void;

export const plainLoop: AdamWLoop = (p, g, m, v, coefficients) => {
  const f = Math.fround;
  const [keep, b1, c1, b2, c2, size, inverseRoot, epsilon] = coefficients.map(f) as unknown as AdamWCoefficients;
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]!;
    const mean = f(f(b1 * m[i]!) + f(c1 * gradient));
    const variance = f(f(b2 * v[i]!) + f(c2 * f(gradient * gradient)));
    m[i] = mean;
    v[i] = variance;
    const denominator = f(f(f(Math.sqrt(variance)) * inverseRoot) + epsilon);
    p[i] = f(f(keep * p[i]!) - f(f(size * mean) / denominator));
  }
};
