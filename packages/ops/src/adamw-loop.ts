/**
 * The update of AdamW (adamw.ts) on arrays in the host's memory:
 *
 *   m = b1 m + c1 g,   v = b2 v + c2 (g g),   p = keep p - (size m) / (sqrt(v) inverseRoot + epsilon)
 *
 * In WebAssembly, or in JavaScript where none may be compiled (a strict content security policy). Both give the same bits.
 */
import { type AdamWCoefficients, type AdamWLoop, plainLoop } from './adamw-plain-loop.ts';
import { vectorLoop } from './adamw-vector-loop.ts';

export interface AdamWAttributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

let loop: AdamWLoop | undefined;

/** One step, number `step` (1 for the first), overwriting `parameter`, `mean` and `variance`. */
export function adamwInPlace(
  parameter: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  step: number,
  rate: number,
  { beta1, beta2, epsilon, weightDecay }: AdamWAttributes,
): void {
  const coefficients: AdamWCoefficients = [
    1 - rate * weightDecay,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    rate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  ];
  loop ??= vectorLoop() ?? plainLoop;
  loop(parameter, gradient, mean, variance, coefficients);
}
