import { expect, it } from 'vitest';
import { sotu } from './sotu.ts';
import { withSteps } from './with-steps.ts';

it('keeps the parts of warm-up and evaluations in whole steps, and how far checkpoints are apart', () => {
  expect(withSteps(sotu, sotu.steps)).toEqual(sotu);
  const { steps, optimiser, evaluation, checkpoints } = withSteps(sotu, 100);
  expect([steps, optimiser.warmupSteps, evaluation.every, checkpoints.every]).toEqual([100, 10, 20, 100]);
  expect(withSteps(sotu, 4800)).toMatchObject({ evaluation: { every: 960 }, checkpoints: { every: 480 } });
  const one = withSteps(sotu, 1);
  expect([one.steps, one.optimiser.warmupSteps, one.evaluation.every, one.checkpoints.every]).toEqual([1, 1, 1, 1]);
  expect(withSteps({ ...sotu, optimiser: { ...sotu.optimiser, warmupSteps: 0 } }, 7).optimiser.warmupSteps).toBe(0);
});

it('evaluates a run that is made much shorter no more than twenty times', () => {
  const long = { ...sotu, steps: 1_000_000, evaluation: { ...sotu.evaluation, every: 5000 } };
  expect(withSteps(long, 200).evaluation.every).toBe(10);
  expect(withSteps(long, 1_000_000)).toEqual({ ...long, checkpoints: sotu.checkpoints });
});
