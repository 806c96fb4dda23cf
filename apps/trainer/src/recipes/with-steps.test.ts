import { expect, it } from 'vitest';
import { sotu } from './sotu.ts';
import { withSteps } from './with-steps.ts';

it('keeps the parts of warm-up, evaluations and checkpoints, in whole steps', () => {
  expect(withSteps(sotu, sotu.steps)).toEqual(sotu);
  const { steps, optimiser, evaluation, checkpoints } = withSteps(sotu, 100);
  expect([steps, optimiser.warmupSteps, evaluation.every, checkpoints.every]).toEqual([100, 10, 20, 20]);
  const one = withSteps(sotu, 1);
  expect([one.steps, one.optimiser.warmupSteps, one.evaluation.every, one.checkpoints.every]).toEqual([1, 1, 1, 1]);
  expect(withSteps({ ...sotu, optimiser: { ...sotu.optimiser, warmupSteps: 0 } }, 7).optimiser.warmupSteps).toBe(0);
});
