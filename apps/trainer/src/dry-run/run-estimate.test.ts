import { expect, it } from 'vitest';
import { sotu } from '../recipes/sotu.ts';
import { type EstimateOf, runEstimate } from './run-estimate.ts';

/** A thousand parameters; round numbers everywhere. */
const given: EstimateOf = {
  recipe: {
    ...sotu,
    steps: 100,
    batchSize: 2,
    accumulate: 1,
    evaluation: { ...sotu.evaluation, every: 50 },
    checkpoints: { every: 10, keep: 3 },
  },
  unitsPerSample: 11,
  cost: { parameters: 1000, multiplyAdds: 5e6, writtenBytes: 88_000, peakBytes: 30_000 },
  rates: { flops: 1e9, bytes: 1e8 },
};
const withRecipe = (change: Partial<EstimateOf['recipe']>): EstimateOf => ({ ...given, recipe: { ...given.recipe, ...change } });

it('tokens and epochs: what is trained on is the text without its held-out part', () => {
  const { unitsPerStep, units, epochs } = runEstimate({ ...given, size: { units: 1000, trained: 0.5, bytes: 1 } });
  expect([unitsPerStep, units, epochs]).toEqual([22, 2200, 4.4]);
  expect(runEstimate(given)).not.toHaveProperty('epochs');
});

it('of a run that is gone on with only what is left is counted, and never less than nothing', () => {
  expect(runEstimate({ ...given, done: 90 })).toMatchObject({ steps: 10, units: 220 });
  expect(runEstimate({ ...given, done: 120 })).toMatchObject({ steps: 0, units: 0, time: { seconds: 0 } });
});

it('time: two operations a multiply-add at the one rate, bytes with those of the update at the other', () => {
  const { secondsPerStep, seconds, multiplyAddsPerStep } = runEstimate(given).time;
  expect(multiplyAddsPerStep).toBe(5e6);
  expect(secondsPerStep).toBeCloseTo(1e7 / 1e9 + (88_000 + 3 * 4000) / 1e8, 12);
  expect(seconds).toBeCloseTo(100 * secondsPerStep, 9);
  const four = runEstimate(withRecipe({ accumulate: 4 })).time;
  expect(four.multiplyAddsPerStep).toBe(2e7);
  expect(four.secondsPerStep).toBeCloseTo(4e7 / 1e9 + (4 * 88_000 + (3 + 3) * 4000) / 1e8, 12);
});

it('memory: an average is a fourth array of the state, micro-batches need a sum of gradients; the parts make the peak', () => {
  const plain = runEstimate(given).memory;
  expect(plain).toMatchObject({ parameters: 4000, moments: 8000, average: 0, gradients: 0, values: 30_000, checkpoint: 24_000 });
  const { memory } = runEstimate(withRecipe({ accumulate: 2, optimiser: { ...sotu.optimiser, ema: 0.9 } }));
  expect(memory).toMatchObject({ average: 4000, gradients: 4000, checkpoint: 32_000 });
  expect(runEstimate(withRecipe({ accumulate: 32 })).memory.gradients).toBe(5 * 4000);
  for (const { peak, ...parts } of [plain, memory]) expect(peak).toBe(Object.values(parts).reduce((sum, part) => sum + part));
});

it('disk: the newest, the best and the one being written; no more than are ever saved; what the data takes is added', () => {
  expect(runEstimate(given).disk).toEqual({ checkpoint: 12_000, checkpoints: 5, model: 4000, total: 64_000 });
  // Steps 50 and 100 are both evaluated and saved.
  const few = { checkpoints: { every: 50, keep: 9 } };
  expect(runEstimate(withRecipe(few)).disk.checkpoints).toBe(2);
  expect(runEstimate(withRecipe({ checkpoints: { every: 40, keep: 9 } })).disk.checkpoints).toBe(4); // 40, 50, 80, 100
  const size = { units: 1000, trained: 1, bytes: 2600 };
  expect(runEstimate({ ...withRecipe(few), size }).disk).toMatchObject({ data: 2600, total: 28_000 + 2600 });
});
