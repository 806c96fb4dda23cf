/** Masked language modelling as a loss of (parameters, batch), for any model that scores the pieces at chosen positions. */
import type { Module } from '@gmlp/layers';
import { softmaxCrossEntropy } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LossFunction } from './training-step.ts';

/** ids int32 [batch, tokens]; positions and labels int32 [batch, chosen], label -100 counting for nothing. */
export type MaskedLanguageBatch = { readonly ids: Tensor; readonly positions: Tensor; readonly labels: Tensor };

/** The cross-entropies of the chosen positions; with `training`, dropout and stochastic depth are at work. */
export function maskedLanguageLoss<P>(
  model: Pick<Module<P, Omit<MaskedLanguageBatch, 'labels'>>, 'apply'>,
  training: boolean,
): LossFunction<P, MaskedLanguageBatch> {
  return (params, { ids, positions, labels }, key) =>
    softmaxCrossEntropy(model.apply(params, { ids, positions }, { training, key }), labels);
}
