/** Masked language modelling as a loss of (parameters, batch), and how its parameters are updated. */
import type { HostArray, Key, MapLeaves } from '@gmlp/base';
import { decayed } from '@gmlp/layers';
import type { GmlpMaskedLanguageParameters, MaskedLanguageModel } from '@gmlp/models';
import { type AdamWOptions, type AdamWState, adamw, adamwInit, softmaxCrossEntropy } from '@gmlp/ops';
import type { LossSum, Optimiser } from '@gmlp/training';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

export type Parameters = GmlpMaskedLanguageParameters;

/** ids [batch, tokens]; positions and labels [batch, chosen]. */
export type Batch = { readonly ids: Tensor; readonly positions: Tensor; readonly labels: Tensor };

export function maskedLanguageLoss(model: MaskedLanguageModel, training: boolean) {
  return (params: Parameters, { ids, positions, labels }: Batch, key: Key): LossSum =>
    softmaxCrossEntropy(model.apply(params, { ids, positions }, { training, key }), labels);
}

export function maskedLanguageOptimiser(
  model: MaskedLanguageModel,
  options: Omit<AdamWOptions<Parameters>, 'decayed'>,
): Optimiser<Parameters, AdamWState<Parameters>> {
  const decays = decayed(model.spec) as unknown as MapLeaves<Parameters, Tensor, boolean>;
  return {
    init: (params) => adamwInit(params),
    update: (params, state, gradients, rate: Scalar) => adamw(params, state, gradients, rate, { ...options, decayed: decays }),
  };
}

export type HostParameters = MapLeaves<Parameters, Tensor, HostArray>;
