/** What one micro-batch of training costs, forward and backward, from shapes alone: nothing of the model is allocated. */
import { type Key, key, mapTree } from '@gmlp/base';
import { type CostReport, costReport, optimise, type Placeholder, placeholder, trace } from '@gmlp/compiler';
import { countParameters, type Parameter } from '@gmlp/layers';
import { type ConfigOf, createModel, type MaskedLanguageBatch, type ModelOptions } from '@gmlp/models';
import { chosenCount } from '@gmlp/text';
import { summedGradients } from '@gmlp/training';
import type { Recipe } from '../recipes/recipe.ts';
import type { LanguageFamily } from '../recipes/recipe-model.ts';
import { type LanguageModule, type LanguageParameters, languageObjective } from '../tasks/text/language-objective.ts';

type Config = ConfigOf<LanguageFamily>;
type Asked = Pick<Recipe, 'task' | 'batchSize' | 'data'>;

export interface StepCost {
  /** All parameters of the model, its head included. */
  readonly parameters: number;
  /** Multiply-adds of the matrix products of a micro-batch, those of the gradients included. */
  readonly multiplyAdds: number;
  /** Bytes of all values that its kernels write. */
  readonly writtenBytes: number;
  /** The most bytes of values that live at a time while they are computed; gradients are among them. */
  readonly peakBytes: number;
}

/** The blocks of a model are alike: a deep one's cost follows from what the second block adds to the first. */
export function stepCost(recipe: Asked, config: Config): StepCost {
  const parameters = countParameters(moduleOf(config).spec);
  const traced = [...new Set([1, Math.min(2, config.layers)])].map((layers) => tracedCost(recipe, { ...config, layers }));
  const [one, two = one] = traced as [CostReport, CostReport?];
  const extended = (figure: 'multiplyAdds' | 'activationBytes' | 'peakBytes'): number =>
    one[figure] + (config.layers - 1) * (two[figure] - one[figure]);
  return {
    parameters,
    multiplyAdds: extended('multiplyAdds'),
    writtenBytes: extended('activationBytes'),
    peakBytes: extended('peakBytes'),
  };
}

const moduleOf = (config: Config): LanguageModule => createModel(config as ModelOptions).module as unknown as LanguageModule;

function tracedCost({ task, batchSize, data }: Asked, config: Config): CostReport {
  const module = moduleOf(config);
  const { tokens } = config;
  const asked = task === 'next-token' ? tokens - 1 : chosenCount(tokens, data.maskRate);
  const params = mapTree<Parameter, Placeholder, unknown>(module.spec, ({ dtype, shape }) => placeholder(dtype, shape));
  const batch = {
    ids: placeholder('int32', [batchSize, tokens]),
    positions: placeholder('int32', [batchSize, asked]),
    labels: placeholder('int32', [batchSize, asked]),
  };
  const { loss } = languageObjective(module);
  const step = (p: LanguageParameters, b: MaskedLanguageBatch, k: Key) => summedGradients(loss, p, b, k);
  return costReport(optimise(trace(step as (...args: never[]) => unknown, [params, batch, key(0)]).graph));
}
