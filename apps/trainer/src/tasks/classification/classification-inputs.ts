import { familyOf, type ModelConfig } from '@gmlp/models';

export type ClassificationInput = 'ids' | 'segments' | 'mask';

/** What a model of texts is given: a gMLP its ids alone, padding included (the paper's figure 1), a BERT a mask, and segments if it has some. */
export function classificationInputs(config: ModelConfig): readonly ClassificationInput[] {
  const inputs = familyOf(config).inputs(config);
  return (['ids', 'segments', 'mask'] as const).filter((name) => Object.hasOwn(inputs, name));
}
