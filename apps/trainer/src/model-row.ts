/** What the table of models says of a variant, computed from its config alone. */
import { createModel, familyOf, type ModelConfig, type PaperFigures, type Variant } from '@gmlp/models';
import { type ModelCost, modelCost } from './model-cost.ts';

export interface ModelRow extends ModelCost {
  readonly name: string;
  readonly input: string;
  readonly paper: PaperFigures | undefined;
}

export function modelRow({ name, config: options, paper }: Variant): ModelRow {
  const { config } = createModel(options);
  return { name, ...modelCost(config), input: inputOf(config), paper };
}

/** What a model takes, a sample of it: `ids 512`, `image 224x224x3`. */
function inputOf(config: ModelConfig): string {
  return Object.entries(familyOf(config).inputs(config))
    .map(([input, { shape }]) => `${input} ${shape.slice(1).join('x')}`)
    .join(', ');
}
