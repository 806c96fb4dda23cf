/** What one micro-batch of training costs, forward and backward, from shapes alone: nothing of the model is allocated. */
import { type Key, key, mapTree } from '@gmlp/base';
import { type CostReport, costReport, optimise, type Placeholder, placeholder, trace } from '@gmlp/compiler';
import { countParameters, type Parameter } from '@gmlp/layers';
import { type CreatedModel, createModel, type ModelConfig, type ModelOptions } from '@gmlp/models';
import { summedGradients } from '@gmlp/training';
import type { Recipe } from './recipes/recipe.ts';
import { taskOf } from './tasks/table.ts';

type Asked = Pick<Recipe, 'task' | 'batchSize' | 'data'>;
type Stacked = ModelConfig & { readonly layers: number };

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
export function stepCost(recipe: Asked, config: ModelConfig): StepCost {
  const { layers } = config as Partial<Stacked>;
  const parameters = countParameters(createModel(config).module.spec);
  if (layers === undefined) {
    const { multiplyAdds, activationBytes: writtenBytes, peakBytes } = tracedCost(recipe, createModel(config));
    return { parameters, multiplyAdds, writtenBytes, peakBytes };
  }
  const traced = [...new Set([1, Math.min(2, layers)])].map((few) =>
    tracedCost(recipe, createModel({ ...config, layers: few } as ModelOptions)),
  );
  const [one, two = one] = traced as [CostReport, CostReport?];
  const extended = (figure: 'multiplyAdds' | 'activationBytes' | 'peakBytes'): number =>
    one[figure] + (layers - 1) * (two[figure] - one[figure]);
  return {
    parameters,
    multiplyAdds: extended('multiplyAdds'),
    writtenBytes: extended('activationBytes'),
    peakBytes: extended('peakBytes'),
  };
}

function tracedCost({ task: name, batchSize, data }: Asked, model: CreatedModel): CostReport {
  const task = taskOf(name);
  const { spec } = model.module;
  const params = mapTree<Parameter, Placeholder, unknown>(spec, ({ dtype, shape }) => placeholder(dtype, shape));
  const shapes = Object.entries(task.shapes(model.config, data, batchSize));
  const batch = Object.fromEntries(shapes.map(([part, { dtype, shape }]) => [part, placeholder(dtype, shape)]));
  const { loss } = task.objective(model, data, new Map());
  const step = (p: unknown, b: unknown, k: Key) => summedGradients(loss, p, b, k);
  return costReport(optimise(trace(step as (...args: never[]) => unknown, [params, batch, key(0)]).graph));
}
