import type { Module } from '@gmlp/layers';
import { type MaskedLanguageBatch, type MaskedLanguageInput, maskedLanguageLoss } from '@gmlp/models';
import { lossObjective, type Objective } from '@gmlp/training';

/** A tree of tensors that only the model looks into. */
export type LanguageParameters = { readonly [part: string]: unknown };

/** ids int32 [batch, tokens], positions int32 [batch, chosen] -> logits [batch, chosen, vocabulary] */
export type LanguageModule = Module<LanguageParameters, MaskedLanguageInput>;

/** The cross-entropy of the pieces asked for, masked ones or next ones, and its perplexity. */
export function languageObjective<P>(
  module: Pick<Module<P, Omit<MaskedLanguageBatch, 'labels'>>, 'apply'>,
): Objective<P, MaskedLanguageBatch> {
  return lossObjective(maskedLanguageLoss(module), (mean) => ({ perplexity: Math.exp(mean) }));
}
