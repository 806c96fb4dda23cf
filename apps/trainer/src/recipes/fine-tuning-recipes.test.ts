import { expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { type FineTuningRecipe, fineTuningRecipeFor, fineTuningRecipes } from './fine-tuning-recipes.ts';

// Table 9 of the paper.
it.each(['sst2', 'mnli', 'rte'] as const)('%s is fine-tuned by the settings of the paper', (name) => {
  expect(fineTuningRecipes[name]).toMatchObject({
    ...{ name, tokens: 128, grid: { batches: [16, 32], rates: [1e-5, 2e-5, 3e-5] }, length: { epochs: 5 } },
    ...{ weightDecay: 0.01, epsilon: 1e-6, paper: { table: 9 } },
  });
});

it.each(['squad1', 'squad2'] as const)('%s is fine-tuned by the settings of the paper', (name) => {
  expect(fineTuningRecipes[name]).toMatchObject({
    ...{ name, tokens: 512, batch: 32, rate: 5e-5, grid: { batches: [32], rates: [5e-5] } },
    ...{ length: { steps: 8000 }, warmup: { steps: 1000 }, paper: { table: 9, row: 'SQuAD' } },
  });
});

it('each says what it claims, and the command; one run is a setting of the grid', () => {
  for (const { name, claim, command, batch, rate, grid } of Object.values<FineTuningRecipe>(fineTuningRecipes)) {
    expect(command).toMatch(new RegExp(`^gmlp finetune ${name} <model> --data `));
    expect(claim).toMatch(
      name === 'rte' ? /no figure is claimed/ : /the paper prints .* in table 6, .*; never run with such models here/,
    );
    expect(grid.batches).toContain(batch);
    expect(grid.rates).toContain(rate);
  }
  expect(fineTuningRecipeFor('cola')).toBe(fineTuningRecipes.sst2);
  expect(fineTuningRecipeFor('toString')).toBe(fineTuningRecipes.sst2);
});

it('gmlp recipes lists them and prints one; other commands say whose they are', async () => {
  const { out } = await runCommand(['recipes']);
  expect(out).toContain('mnli\n  Pairs of MNLI by the settings of table 9');
  expect(out).toContain('batches of 32, rate 2e-5, 5 epochs; --grid: 16, 32 and 1e-5, 2e-5, 3e-5\n  paper: table 9, SST-2');
  const rows = JSON.parse((await runCommand(['recipes', '--json'])).out) as { readonly name: string }[];
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['sotu', 'sst2', 'mnli', 'rte']));
  expect(JSON.parse((await runCommand(['recipes', 'sst2'])).out)).toEqual(fineTuningRecipes.sst2);
  expect((await runCommand(['recipes', 'sst2', '--out', 'x.json'])).err).toContain('is what gmlp finetune does with a model');
  expect((await runCommand(['train', 'rte'])).err).toContain('gmlp finetune rte <model> --data');
});
