import { createModel } from '@gmlp/models';
import { chosenCount } from '@gmlp/text';
import { expect, it } from 'vitest';
import { modelCost } from './model-cost.ts';
import { builtInRecipes } from './recipes/built-in.ts';
import { modelOptions } from './recipes/recipe-model.ts';
import { stepCost } from './step-cost.ts';
import { taskOf } from './tasks/table.ts';

const data = { source: 'sotu' as const, heldOut: 1, vocabulary: 50, maskRate: 0.15 };
const config = (layers: number, causal = false) =>
  createModel({
    family: 'gmlp-language',
    vocabulary: 50,
    tokens: 20,
    channels: 64,
    hiddenChannels: 128,
    layers,
    causal,
    spatialWeight: 'dense',
    head: { tied: true, transform: false, bias: true },
  }).config;

// Each product has two of its gradients: by what is multiplied and by its weight. Gradients of biases are sums of rows, products too.
const withSums = 1.03;
it.each([1, 2, 3, 7])(
  '%i blocks: three times the products of the forward pass, and of the scores that are asked for',
  (layers) => {
    const forward = 4 * (modelCost(config(layers)).macs + chosenCount(20, 0.15) * 64 * 50);
    const { multiplyAdds, parameters } = stepCost({ task: 'masked-language', batchSize: 4, data }, config(layers));
    expect(multiplyAdds).toBeGreaterThan(3 * forward);
    expect(multiplyAdds).toBeLessThan(withSums * 3 * forward);
    expect(parameters).toBe(modelCost(config(layers)).params + 50); // the bias of the scores
  },
);

it('a causal model is asked at every place but the last', () => {
  const forward = 4 * (modelCost(config(2, true)).macs + 19 * 64 * 50);
  const { multiplyAdds } = stepCost({ task: 'next-token', batchSize: 4, data }, config(2, true));
  expect(multiplyAdds).toBeGreaterThan(3 * forward);
  expect(multiplyAdds).toBeLessThan(withSums * 3 * forward);
});

it('what has to be kept grows with the batch and with each block by the same', () => {
  const peak = (layers: number, batchSize: number) =>
    stepCost({ task: 'masked-language', batchSize, data }, config(layers)).peakBytes;
  expect(peak(2, 8)).toBeGreaterThan(1.5 * peak(2, 4));
  expect(peak(7, 4) - peak(6, 4)).toBe(peak(2, 4) - peak(1, 4));
  expect(peak(2, 4) - peak(1, 4)).toBeGreaterThan(4 * 20 * 128 * 4); // at least what gelu is given
});

it.each([...builtInRecipes])('of %s all is counted', (_, recipe) => {
  const { config } = createModel(modelOptions(recipe.model, taskOf(recipe.task).config(recipe.data)));
  const { parameters, multiplyAdds, peakBytes } = stepCost(recipe, config);
  const forward = recipe.batchSize * modelCost(config).macs;
  // Nothing asks for the gradient of an image: the embedding of its patches has two products, not three.
  expect(multiplyAdds / (3 * forward)).toBeGreaterThan(taskOf(recipe.task).unit === 'images' ? 0.99 : 1);
  expect(multiplyAdds / (3 * forward)).toBeLessThan(1.35); // the scores of a large vocabulary
  expect(peakBytes).toBeGreaterThan(4 * parameters); // gradients are among them
});
