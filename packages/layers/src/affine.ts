/**
 * A scale and an offset for each channel, ResMLP's stand-in for a norm (Touvron and others, 2021, section 2):
 *
 *   y = x * scale + offset        x [..., channels], scale and offset [channels]
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { ones, zeros } from './initialisers.ts';
import { type Layer, parameter } from './module.ts';

export type AffineParameters = { readonly scale: Tensor; readonly offset: Tensor };

export function affine({ channels }: { readonly channels: number }): Layer<AffineParameters> {
  return {
    spec: {
      scale: parameter([channels], ones, { decay: false }),
      offset: parameter([channels], zeros, { decay: false }),
    },
    apply: ({ scale, offset }, x) => tf.add(tf.mul(x, scale), offset),
  };
}
