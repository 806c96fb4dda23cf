/**
 * Sinusoidal positions (Vaswani and others, 2017, section 3.5), for any length without a parameter:
 *
 *   p[t, 2i] = sin(t / 10000^(2i / channels)),   p[t, 2i + 1] = cos(t / 10000^(2i / channels))    -> [tokens, channels]
 *
 * Computed on the host in float64 and rounded once: the same on every device.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export function sinusoidalPositions(tokens: number, channels: number): Tensor2D {
  const values = new Float32Array(tokens * channels);
  for (let c = 0; c < channels; c++) {
    const wave = c % 2 === 0 ? Math.sin : Math.cos;
    const period = 10_000 ** ((c - (c % 2)) / channels);
    for (let t = 0; t < tokens; t++) values[t * channels + c] = wave(t / period);
  }
  return tf.tensor2d(values, [tokens, channels]);
}
