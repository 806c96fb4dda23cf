import { createModel, type ModelOptions } from '@gmlp/models';
import { expect, it } from 'vitest';
import { quickstartRecipe } from '../commands/run-quickstart.ts';
import { restoreRecipe } from '../commands/run-restore.ts';
import { taskOf } from '../tasks/table.ts';
import { builtInRecipes } from './built-in.ts';
import { modelOptions, variantsFor } from './recipe-model.ts';
import { restore } from './restore.ts';
import { sotu } from './sotu.ts';

const recipes = [...builtInRecipes.values()];

it('every recipe states the command that runs it, and claims the paper’s figure or one that quickstart measures', () => {
  for (const { name, claim, command, paper } of recipes) {
    expect(command).toMatch(new RegExp(`^gmlp (train )?${name}`));
    if (name === 'sotu' || name === 'restore' || name.startsWith('mini-')) continue; // their figures are looked at elsewhere
    const recalled = paper!.recalled ? '(from memory, not read again) ' : '';
    expect(claim).toContain(
      `prints perplexity ${paper!.perplexity} ${recalled}in table ${paper!.table}; never trained to the end`,
    );
  }
});

// `.ci/run` compares the claim's two figures with what quickstart measures.
it('quickstart trains sotu, which claims figures', () => {
  expect(quickstartRecipe(sotu)).toEqual(builtInRecipes.get('sotu'));
  expect(sotu.claim).toMatch(/validation perplexity \d+, where a model that only knows word frequencies has \d+\./);
  expect(restoreRecipe(restore)).toEqual(builtInRecipes.get('restore'));
});

it('every language model of the paper has one recipe, with the paper’s figure', () => {
  for (const { name, config, paper } of variantsFor('masked-language').filter((variant) => variant.paper)) {
    const found = recipes.filter(
      ({ name: of, model }) => !of.startsWith('mini-') && 'variant' in model && model.variant === name,
    );
    expect(found).toHaveLength(1);
    const [{ model, data, paper: printed }] = found as [(typeof found)[0]];
    expect(createModel(modelOptions(model, taskOf('masked-language').config(data))).config).toEqual(
      createModel(config as ModelOptions).config,
    );
    expect(printed?.perplexity).toBe(paper!.perplexity);
    expect(printed?.recalled ?? false).toBe(paper!.recalled?.includes('perplexity') ?? false);
  }
});

// Table 8 of the paper, and where it prints the perplexities.
it.each([
  ['c4-gmlp-base', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'gMLP_base'],
  ['c4-gmlp-large', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'gMLP_large'],
  ['c4-gmlp-xlarge', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'gMLP_xlarge'],
  ['realnews-gmlp-mlm-18', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 4, 'gMLP, 18 layers'],
  ['realnews-gmlp-mlm-144', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 4, 'gMLP, 144 layers'],
  ['c4-bert-base', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'BERT_base (ours)'],
  ['c4-bert-large', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'BERT_large (ours)'],
  ['c4-amlp-large', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'aMLP_large'],
  ['realnews-bert-mlm-absolute', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 3, 'BERT_base'],
  ['realnews-bert-mlm-noattn', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 3, 'BERT_base + rel pos - attn'],
  ['realnews-bert-mlm-6-6', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 4, 'Transformer, 6+6 layers'],
  ['realnews-bert-mlm-12-12', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 4, 'Transformer, 12+12 layers'],
  ['realnews-mixer-mlm-18', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 3, 'MLP-Mixer'],
  ['realnews-gmlp-mlm-linear', 'c4/realnewslike', 128, 2048, 125_000, 7e-4, 3, 'Linear gMLP'],
] as const)('%s is trained as in the paper', (name, path, tokens, batch, steps, peakRate, table, row) => {
  const { model, data, optimiser, paper, ...recipe } = builtInRecipes.get(name)!;
  expect(modelOptions(model, taskOf('masked-language').config(data))).toMatchObject({ tokens, vocabulary: 32_000 });
  expect(data).toMatchObject({ source: 'c4', path, maskRate: 0.15 });
  expect(recipe).toMatchObject({ steps, task: 'masked-language' });
  expect(recipe.batchSize * recipe.accumulate).toBe(batch);
  expect(optimiser).toEqual({
    name: 'adamw',
    peakRate,
    warmupSteps: 10_000,
    decay: 'linear',
    weightDecay: 0.01,
    epsilon: 1e-6,
    betas: [0.9, 0.999],
    clipNorm: null,
    ema: null,
  });
  expect(paper).toMatchObject({ table, row });
});
