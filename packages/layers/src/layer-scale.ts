/**
 * A scale for each channel of a residual branch, small at first, so that a deep stack starts near the identity (Touvron and
 * others, "Going deeper with image transformers", 2021, section 2.2):
 *
 *   y = x * scale        x [..., channels], scale [channels]
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Layer, parameter } from './module.ts';

export type LayerScaleParameters = { readonly scale: Tensor };

export interface LayerScaleOptions {
  readonly channels: number;
  /** Where every channel starts. */
  readonly initial: number;
}

export function layerScale({ channels, initial }: LayerScaleOptions): Layer<LayerScaleParameters> {
  return {
    spec: { scale: parameter([channels], { kind: 'constant', value: initial }, { decay: false }) },
    apply: ({ scale }, x) => tf.mul(x, scale),
  };
}
