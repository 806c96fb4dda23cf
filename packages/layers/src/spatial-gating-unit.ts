/**
 * The spatial gating unit s(z), the one place where gMLP's tokens meet (paper, section 2.1 and table 3). With
 * f(z) = W norm(z) + b along the tokens:
 *
 *   split           s(z) = z1 * f(z2), z = [z1, z2] along the channels      [batch, tokens, channels] -> [..., channels / 2]
 *   multiplicative  s(z) = z * f(z)                                          channels are kept
 *   additive        s(z) = z + f(z)                                          channels are kept
 *   linear          s(z) = f(z)                                              channels are kept
 *
 * As f starts as 1, the split and multiplicative gates start as the identity (on z1, on z), the additive one as z + 1 and
 * the linear one as the constant 1.
 */
import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import type { Layer } from './module.ts';
import { type SpatialProjectionOptions, type SpatialProjectionParameters, spatialProjection } from './spatial-projection.ts';

export type GateForm = 'split' | 'multiplicative' | 'additive' | 'linear';

export type SpatialGatingUnitParameters = {
  readonly norm: LayerNormParameters;
  readonly spatial: SpatialProjectionParameters;
};

export interface SpatialGatingUnitOptions extends SpatialProjectionOptions {
  /** Channels that come in. */
  readonly channels: number;
  readonly form?: GateForm;
  readonly epsilon?: number;
}

/** How many channels the gate gives for those that it takes. */
export function gatedChannels(form: GateForm, channels: number): number {
  if (form !== 'split') return channels;
  if (channels % 2 !== 0) {
    throw new GmlpError(
      'invalid-argument',
      `spatialGatingUnit: the split form halves the channels, got ${channels}; use an even number`,
      { channels },
    );
  }
  return channels / 2;
}

export function spatialGatingUnit({
  channels,
  form = 'split',
  epsilon = 1e-6,
  ...projection
}: SpatialGatingUnitOptions): Layer<SpatialGatingUnitParameters> {
  const norm = layerNorm({ channels: gatedChannels(form, channels), epsilon });
  const spatial = spatialProjection(projection);
  const f = (params: SpatialGatingUnitParameters, z: Tensor): Tensor => spatial.apply(params.spatial, norm.apply(params.norm, z));
  const gates: Record<GateForm, (params: SpatialGatingUnitParameters, z: Tensor) => Tensor> = {
    split(params, z) {
      const [z1, z2] = tf.split(z, 2, -1) as [Tensor, Tensor];
      return tf.mul(z1, f(params, z2));
    },
    multiplicative: (params, z) => tf.mul(z, f(params, z)),
    additive: (params, z) => tf.add(z, f(params, z)),
    linear: f,
  };
  return { spec: { norm: norm.spec, spatial: spatial.spec }, apply: gates[form] };
}
