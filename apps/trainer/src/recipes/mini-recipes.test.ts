import { countParameters } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { describe, expect, it } from 'vitest';
import { taskOf } from '../tasks/table.ts';
import { builtInRecipes } from './built-in.ts';
import { miniNames } from './mini-recipes.ts';
import { miniRuns } from './mini-runs.ts';
import { modelOptions } from './recipe-model.ts';

const parametersOf = (name: string): number => {
  const { task, model, data } = builtInRecipes.get(name)!;
  return countParameters(createModel(modelOptions(model, taskOf(task).config(data))).module.spec);
};

it('all eight have the same number of parameters, within two hundredths', () => {
  expect(miniNames).toHaveLength(8);
  const counts = miniNames.map(parametersOf);
  expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.02);
  expect(Math.min(...counts)).toBeGreaterThan(1e6);
});

describe.each(miniNames)('%s', (name) => {
  it('claims what a stored run gave, of the very settings that it has', () => {
    const { claim, command, ...settings } = builtInRecipes.get(name)!;
    const found = miniRuns.filter(({ recipe }) => recipe.name === name);
    expect(found).toHaveLength(1);
    const [{ recipe, end }] = found as [(typeof found)[0]];
    expect(recipe).toEqual(settings);
    expect(command).toBe(`gmlp train ${name}`);
    expect(end.valPerplexity).toBeCloseTo(Math.exp(end.valLoss), 8);
    expect(end.parameters).toBe(parametersOf(name));
    const [parameters, perplexity, seed, unigram] = [...claim.matchAll(/\d+(?:\.\d+)?/g)].map(([figure]) => Number(figure));
    expect(seed).toBe(recipe.seed);
    expect(parameters).toBeCloseTo(end.parameters / 1e6, 2);
    expect(perplexity).toBeCloseTo(end.valPerplexity, 1);
    expect(unigram).toBeCloseTo(end.unigramPerplexity, 0);
  });
});
