/**
 * The update of AdamW (adamw.ts) on arrays in the host's memory:
 *
 *   m = b1 m + c1 g,   v = b2 v + c2 (g g),   p = keep p - (size m) / (sqrt(v) inverseRoot + epsilon)
 *
 * where c1 and c2 hold the scale of the gradients and its square, so that scaling them costs nothing.
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

export interface AdamWClock {
  /** The number of the step, 1 for the first. */
  readonly step: number;
  readonly rate: number;
  /** What the gradients are multiplied by. */
  readonly scale: number;
}

/** One step, overwriting `parameter`, `mean` and `variance`. */
export function adamwInPlace(
  parameter: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  { step, rate, scale }: AdamWClock,
  { beta1, beta2, epsilon, weightDecay }: AdamWAttributes,
): void {
  const coefficients: AdamWCoefficients = [
    1 - rate * weightDecay,
    beta1,
    (1 - beta1) * scale,
    beta2,
    (1 - beta2) * scale * scale,
    rate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  ];
  loop ??= vectorLoop() ?? plainLoop;
  loop(parameter, gradient, mean, variance, coefficients);
}
