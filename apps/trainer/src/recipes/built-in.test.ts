import { countParameters } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { expect, it } from 'vitest';
import { quickstartRecipe } from '../commands/run-quickstart.ts';
import { restoreRecipe } from '../commands/run-restore.ts';
import { taskOf } from '../tasks/table.ts';
import { builtInRecipes } from './built-in.ts';
import { cifarRecipes } from './cifar-recipes.ts';
import { settingsFingerprint } from './cifar-run.ts';
import { cifarRuns } from './cifar-runs.ts';
import { modelOptions, variantsFor } from './recipe-model.ts';
import { restore } from './restore.ts';
import { sotu } from './sotu.ts';

const recipes = [...builtInRecipes.values()];

it('every recipe states the command that runs it, and claims the paper’s figure or one that quickstart measures', () => {
  for (const { name, claim, command, paper } of recipes) {
    expect(command).toMatch(new RegExp(`^gmlp (train )?${name}`));
    if (/^(sotu$|restore$|mini-|text-|cifar10-)/.test(name)) continue; // their figures are looked at elsewhere
    if (name.startsWith('realnews-amlp-')) {
      expect({ paper, claim }).toEqual({ paper: undefined, claim: expect.stringContaining('figure 8') as string });
      expect(claim).toMatch(/which prints no number of it .*; never trained to the end/);
      continue;
    }
    const recalled = paper!.recalled ? '(from memory, not read again) ' : '';
    const figure = paper!.accuracy === undefined ? `perplexity ${paper!.perplexity}` : `top-1 accuracy ${paper!.accuracy} %`;
    expect(claim).toContain(`prints ${figure} ${recalled}in table ${paper!.table}; never trained to the end`);
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
      ({ name: of, model }) => !/^(mini|text)-/.test(of) && 'variant' in model && model.variant === name,
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

it('every language model of the paper, in each of its settings, has a recipe: BERT, gMLP, aMLP and Mixer in every size', () => {
  const names = [...builtInRecipes.keys()].filter((name) => /^(c4|realnews)-/.test(name));
  const of = (prefix: string, ...sizes: string[]): string[] => sizes.map((size) => `${prefix}-${size}`);
  expect(names.sort()).toEqual(
    [
      ...of('c4-bert', 'base', 'large'),
      ...of('c4-gmlp', 'base', 'large', 'xlarge'),
      ...of('c4-amlp', 'base', 'large'),
      ...of('realnews-bert-mlm', 'absolute', 'noattn', '6-6', '12-12', '24-24', '48-48'),
      ...of('realnews-gmlp-mlm', 'linear', 'additive', 'multiplicative', '18', '36', '72', '144'),
      ...of('realnews-amlp-mlm', '18', '36', '72', '144'),
      'realnews-mixer-mlm-18',
    ].sort(),
  );
  for (const name of names) {
    const { model, data, optimiser, steps, batchSize, accumulate } = builtInRecipes.get(name)!;
    const { tokens } = modelOptions(model, taskOf('masked-language').config(data)) as { readonly tokens: number };
    const [length, batch, updates, rate] = name.startsWith('c4-') ? [512, 256, 1_000_000, 1e-4] : [128, 2048, 125_000, 7e-4];
    expect([tokens, batchSize * accumulate, steps, optimiser.peakRate], name).toEqual([length, batch, updates, rate]);
  }
});

it('models that are rows of two tables say so', () => {
  expect(builtInRecipes.get('realnews-bert-mlm-12-12')!.claim).toContain('(in table 3 BERT_base + rel pos)');
  expect(builtInRecipes.get('realnews-gmlp-mlm-36')!.claim).toContain('(in table 3 Multiplicative, split gMLP)');
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
  ['c4-amlp-base', 'c4/en', 512, 256, 1_000_000, 1e-4, 6, 'aMLP_base'],
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

// Tables 2 and 7 of the paper, and DeiT's own settings.
it.each([
  ['imagenet-gmlp-ti', 'gmlp_ti16_224', 1, 72.3],
  ['imagenet-gmlp-s', 'gmlp_s16_224', 0.95, 79.6],
  ['imagenet-gmlp-b', 'gmlp_b16_224', 0.8, 81.6],
  ['imagenet-mixer-b16', 'mixer_b16_224', 1, 76.4],
  ['imagenet-resmlp-12', 'resmlp_12_224', 1, 76.6],
  ['imagenet-resmlp-24', 'resmlp_24_224', 1, 79.4],
  ['imagenet-resmlp-36', 'resmlp_36_224', 1, 79.7],
] as const)('%s is trained as in the paper', (name, variant, survival, accuracy) => {
  const { model, data, optimiser, paper, ...recipe } = builtInRecipes.get(name)!;
  expect(model).toEqual({ variant });
  expect(modelOptions(model, taskOf('image-classification').config(data))).toMatchObject({ head: { classes: 1000 } });
  expect(createModel(variant).config).toMatchObject({ survivalProbability: survival, imageSize: 224 });
  expect(data).toMatchObject({
    ...{ crop: 'resized', flip: 'random', policy: 'original', colorJitter: 0, erasing: 0, repeats: 1 },
    ...{ mixup: 0.8, cutmix: 1, switchProbability: 0.5, labelSmoothing: 0.1, cropFraction: 0.875 },
  });
  const { steps, batchSize, accumulate } = recipe;
  expect([steps, batchSize * accumulate]).toEqual([Math.floor((300 * 1_281_167) / 4096), 4096]);
  expect(optimiser).toEqual({
    ...{ name: 'adamw', peakRate: 1e-3, warmupSteps: 10_000, decay: 'cosine', weightDecay: 0.05 },
    ...{ epsilon: 1e-6, betas: [0.9, 0.999], clipNorm: 1, ema: null },
  });
  expect(paper).toMatchObject({ table: 2, accuracy });
});

it.each([
  ['imagenet-deit-ti', 'deit_tiny_patch16_224'],
  ['imagenet-deit-s', 'deit_small_patch16_224'],
  ['imagenet-deit-b', 'deit_base_patch16_224'],
] as const)('%s is trained as DeiT', (name, variant) => {
  const { model, data, optimiser, steps, batchSize, accumulate } = builtInRecipes.get(name)!;
  expect(model).toEqual({ variant });
  expect(createModel(variant).config).toMatchObject({ survivalProbability: 0.9, survivalSpread: 'falling' });
  expect(data).toMatchObject({ policy: 'rand-m9-mstd0.5-inc1', erasing: 0.25, repeats: 3, mixup: 0.8, cutmix: 1 });
  expect([steps, batchSize * accumulate]).toEqual([Math.floor((300 * 1_281_167) / 1024), 1024]);
  // 5e-4 for 512 images, five epochs of warm-up.
  expect(optimiser).toMatchObject({ peakRate: 1e-3, warmupSteps: 6256, epsilon: 1e-8, clipNorm: null, ema: 0.99996 });
});

it('the models for CIFAR-10 have the same number of parameters within five hundredths, half a million to one, and one schedule', () => {
  const parameters = cifarRecipes.map(({ model, data }) => {
    const { module } = createModel(modelOptions(model, taskOf('image-classification').config(data)));
    return countParameters(module.spec);
  });
  expect(Math.max(...parameters) / Math.min(...parameters)).toBeLessThan(1.05);
  expect(Math.min(...parameters)).toBeGreaterThan(5e5);
  expect(Math.max(...parameters)).toBeLessThan(1e6);
  const rest = cifarRecipes.map(({ name: _, claim: __, command: ___, model: ____, ...shared }) => shared);
  for (const each of rest) expect(each).toEqual(rest[0]);
});

it('stored runs on CIFAR-10 are of the settings that the recipes have', () => {
  for (const { recipe, settings } of cifarRuns) expect(settings).toBe(settingsFingerprint(builtInRecipes.get(recipe)!));
  const { claim } = builtInRecipes.get('cifar10-gmlp')!;
  const whole = cifarRuns.find(({ recipe, steps }) => recipe === 'cifar10-gmlp' && steps === 14_000);
  expect(claim).toContain(whole ? `top-1 accuracy ${(100 * whole.end.valTop1).toFixed(1)} %` : 'not trained to the end yet');
});
