import { countParameters } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { expect, it } from 'vitest';
import { taskOf } from '../tasks/table.ts';
import { builtInRecipes } from './built-in.ts';
import { modelOptions } from './recipe-model.ts';
import { sst2Runs } from './sst2-runs.ts';
import { textNames } from './text-recipes.ts';

const parametersOf = (name: string): number => {
  const { task, model, data } = builtInRecipes.get(name)!;
  return countParameters(createModel(modelOptions(model, taskOf(task).config(data))).module.spec);
};

it('the models have the same number of parameters, within a hundredth', () => {
  const counts = textNames.map(parametersOf);
  expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.01);
  expect(counts[0]! / 1e6).toBeCloseTo(1.68, 1);
});

it.each(textNames)('%s claims what a stored run of so many steps and parameters gave, or nothing', (name) => {
  const { claim, steps, seed } = builtInRecipes.get(name)!;
  const run = sst2Runs.find((each) => each.of === 'text' && each.recipe === name);
  if (run?.of !== 'text') return expect(claim).toContain('not trained to the end yet');
  expect(run).toMatchObject({ steps, seed, end: { parameters: parametersOf(name) } });
  expect(run.end.valPerplexity).toBeCloseTo(Math.exp(run.end.valLoss), 8);
  return expect(claim).toContain(`perplexity ${run.end.valPerplexity.toFixed(1)} on`);
});
