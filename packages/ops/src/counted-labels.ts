/**
 * Labels as places among the classes, and which of them count. A label that is neither a class nor the ignored one is an error
 * where labels lie on the host, and in a compiled call that is given them: trained on, it would pull at another class or row.
 */
import type { Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectIndicesOnHost } from './expect-indices-on-host.ts';
import { fusedKernel } from './fused-kernel.ts';

export interface CountedLabels {
  /** int32: the class, 0 for an ignored label. */
  readonly places: Tensor1D;
  /** bool: whether the label is not the ignored one. */
  readonly counted: Tensor1D;
}

/** `source` is who asks, for errors; labels are int32. */
export function countedLabels(source: string, labels: Tensor1D, classes: number, ignoredLabel: number): CountedLabels {
  expectIndicesOnHost(source, 'label', labels, classes, 'the scores have no such class', ignoredLabel);
  const fused = fusedKernel('GmlpCountedLabels', { labels }, { classes, ignoredLabel });
  if (fused) return { places: fused[0] as Tensor1D, counted: fused[1] as Tensor1D };
  const counted: Tensor1D = tf.notEqual(labels, tf.scalar(ignoredLabel, 'int32'));
  return { places: tf.where(counted, labels, tf.zerosLike(labels)) as Tensor1D, counted };
}
