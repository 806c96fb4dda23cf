import { type Key, randomNormal, randomUniform, split } from '@gmlp/base';

/** A number of the Beta distribution with both parameters `alpha`: a share of two gamma numbers. */
export function randomBeta(alpha: number, key: Key): number {
  const first = randomGamma(alpha, split(key, 'first'));
  const second = randomGamma(alpha, split(key, 'second'));
  // Both may be too small for a float when alpha is tiny: then all of it is one's.
  return first + second === 0 ? Math.round(randomUniform(key, 1)[0]!) : first / (first + second);
}

/** Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000); below 1 through the gamma number of alpha + 1. */
function randomGamma(alpha: number, key: Key): number {
  if (alpha < 1) return randomGamma(alpha + 1, split(key, 'boosted')) * (1 - randomUniform(key, 1)[0]!) ** (1 / alpha);
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let attempt = 0; ; attempt++) {
    const own = split(key, attempt);
    const x = randomNormal(own, 1)[0]!;
    const u = 1 - randomUniform(split(own, 'accepted'), 1)[0]!;
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
