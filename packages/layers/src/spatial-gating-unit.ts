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
 *
 * aMLP adds tiny attention to f (section 4.3, figure 6). It looks at the block's normed input, not at z:
 *
 *   f(z) = W norm(z) + b + attention(normed)      normed [batch, tokens, block channels]
 */
import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type LayerNormParameters, layerNorm } from './layer-norm.ts';
import type { Spec } from './module.ts';
import { type SpatialProjectionOptions, type SpatialProjectionParameters, spatialProjection } from './spatial-projection.ts';
import { type TinyAttentionOptions, type TinyAttentionParameters, tinyAttention } from './tiny-attention.ts';

export type GateForm = 'split' | 'multiplicative' | 'additive' | 'linear';

export type SpatialGatingUnitParameters = {
  readonly norm: LayerNormParameters;
  readonly spatial: SpatialProjectionParameters;
  readonly attention?: TinyAttentionParameters;
};

export interface SpatialGatingUnitOptions extends SpatialProjectionOptions {
  /** Channels that come in. */
  readonly channels: number;
  readonly form?: GateForm;
  readonly epsilon?: number;
  /** Adds tiny attention to the gate. */
  readonly attention?: Omit<TinyAttentionOptions, 'outputs' | 'causal'> | undefined;
}

export interface SpatialGatingUnit {
  readonly spec: Spec<SpatialGatingUnitParameters>;
  /** `normed` is what tiny attention looks at; without attention it is not read. */
  apply(params: SpatialGatingUnitParameters, z: Tensor, normed?: Tensor): Tensor;
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
  attention,
  ...projection
}: SpatialGatingUnitOptions): SpatialGatingUnit {
  const outputs = gatedChannels(form, channels);
  const norm = layerNorm({ channels: outputs, epsilon });
  const spatial = spatialProjection(projection);
  const tiny = attention && tinyAttention({ ...attention, outputs, causal: projection.causal ?? false });
  interface Gate {
    f(z: Tensor): Tensor;
    /** u * f(z) */
    times(u: Tensor, z: Tensor): Tensor;
  }
  const forms: Record<GateForm, (z: Tensor, gate: Gate) => Tensor> = {
    split(z, { times }) {
      const [z1, z2] = tf.split(z, 2, -1) as [Tensor, Tensor];
      return times(z1, z2);
    },
    multiplicative: (z, { times }) => times(z, z),
    additive: (z, { f }) => tf.add(z, f(z)),
    linear: (z, { f }) => f(z),
  };
  return {
    spec: { norm: norm.spec, spatial: spatial.spec, ...(tiny && { attention: tiny.spec }) },
    apply(params, z, normed) {
      const f = (z: Tensor): Tensor => {
        const projected = spatial.apply(params.spatial, norm.apply(params.norm, z));
        if (!tiny || !params.attention) return projected;
        if (normed === undefined) {
          throw new GmlpError('invalid-argument', 'spatialGatingUnit: tiny attention needs the block’s normed input, got none');
        }
        return tf.add(projected, tiny.apply(params.attention, normed));
      };
      const times = (u: Tensor, z: Tensor): Tensor =>
        tiny ? tf.mul(u, f(z)) : spatial.gate(params.spatial, u, norm.apply(params.norm, z));
      return forms[form](z, { f, times });
    },
  };
}
