/** Masked language modelling as a loss, for any model that scores the pieces at chosen positions. */
import type { Context, Module } from '@gmlp/layers';
import { softmaxCrossEntropy } from '@gmlp/ops';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** ids int32 [batch, tokens]; positions and labels int32 [batch, chosen], label -100 counting for nothing. */
export type MaskedLanguageBatch = { readonly ids: Tensor; readonly positions: Tensor; readonly labels: Tensor };

/** The sum of the cross-entropies of the chosen positions, and how many there are; of a causal model those of what comes next. */
export function maskedLanguageLoss<P>(
  model: Pick<Module<P, Omit<MaskedLanguageBatch, 'labels'>>, 'apply'>,
): (params: P, batch: MaskedLanguageBatch, context: Context) => { readonly sum: Scalar; readonly count: Scalar } {
  return (params, { labels, ...text }, context) => softmaxCrossEntropy(model.apply(params, text, context), labels);
}
