/**
 * A learned score for each distance of two tokens, shared among distances that are alike (T5: Raffel and others, 2020, section
 * 2.1): near distances have a bucket each, far ones share buckets that widen with the logarithm of the distance.
 *
 *   bias[h, i, j] = table[bucket(j - i), h]      table [buckets, heads] -> bias [1, heads, tokens, tokens]
 *
 * For each direction half the buckets; of these half for the exact distances 0, 1, …, the rest up to `maximumDistance`, beyond
 * which all share the last. One table serves all blocks, as in T5.
 */
import { embedding, toeplitz } from '@gmlp/ops';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { parameter, type Spec } from './module.ts';

export type RelativePositionBiasParameters = { readonly weight: Tensor };

export interface RelativePositionBiasOptions {
  readonly heads: number;
  /** An even number: half for each direction. */
  readonly buckets?: number;
  readonly maximumDistance?: number;
}

export interface RelativePositionBias {
  readonly spec: Spec<RelativePositionBiasParameters>;
  apply(params: RelativePositionBiasParameters, tokens: number): Tensor;
}

export function relativePositionBias({
  heads,
  buckets = 32,
  maximumDistance = 128,
}: RelativePositionBiasOptions): RelativePositionBias {
  return {
    spec: { weight: parameter([buckets, heads], { kind: 'truncated-normal', deviation: 0.02 }, { decay: false }) },
    apply({ weight }, tokens) {
      const distances = Int32Array.from({ length: 2 * tokens - 1 }, (_, place) =>
        relativePositionBucket(place - (tokens - 1), buckets, maximumDistance),
      );
      const byDistance = embedding(tf.tensor1d(distances, 'int32'), weight as Tensor2D); // [2 tokens - 1, heads]
      const perHead = tf.unstack(tf.transpose(byDistance)) as Tensor1D[];
      return tf.expandDims(tf.stack(perHead.map(toeplitz)), 0);
    },
  };
}

/** The bucket of a distance j - i, in float64. */
export function relativePositionBucket(distance: number, buckets: number, maximumDistance: number): number {
  const half = buckets / 2;
  const exact = Math.floor(half / 2);
  const far = Math.abs(distance);
  const direction = distance > 0 ? half : 0;
  if (far < exact) return direction + far;
  const widening = Math.log(far / exact) / Math.log(maximumDistance / exact);
  return direction + Math.min(exact + Math.floor(widening * (half - exact)), half - 1);
}
