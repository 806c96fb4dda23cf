/** What a model costs, from its config alone: nothing is allocated, so the largest takes no longer than the smallest. */
import { mapTree } from '@gmlp/base';
import { costOf, type Placeholder, placeholder } from '@gmlp/compiler';
import { countParameters, inference, type Parameter } from '@gmlp/layers';
import { createModel, type GmlpLanguageOptions, type GmlpLanguageParameters, gmlpLanguage } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ModelCost {
  readonly family: string;
  /** Token embedding, blocks and final norm, as the paper counts. */
  readonly params: number;
  /** Multiply-adds of the matrix products of the same, for one sequence of the model's length. */
  readonly macs: number;
}

export function modelCost(options: GmlpLanguageOptions): ModelCost {
  const { config } = createModel(options);
  const encoder = gmlpLanguage(config);
  const parameters = mapTree<Parameter, Placeholder, typeof encoder.spec>(encoder.spec, ({ dtype, shape }) =>
    placeholder(dtype, shape),
  );
  const apply = (params: GmlpLanguageParameters, ids: Tensor): Tensor => encoder.apply(params, ids, inference);
  const { multiplyAdds } = costOf(apply, parameters, placeholder('int32', [1, config.tokens]));
  return { family: config.family, params: countParameters(encoder.spec), macs: multiplyAdds };
}
