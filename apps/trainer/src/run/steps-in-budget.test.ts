import { expect, it } from 'vitest';
import { sotu } from '../recipes/sotu.ts';
import { withSteps } from '../recipes/with-steps.ts';
import { stepsInTime } from './steps-in-budget.ts';

const recipe = { steps: 1000, evaluation: { every: 100, patience: null, minDelta: 0 } };

it('takes the time of the evaluations off; a part of the time is kept back', () => {
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 0 }, 100)).toEqual({ steps: 190, evaluations: 10 });
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 4 }, 100)).toEqual({ steps: 110, evaluations: 10 });
  const often = { ...recipe, evaluation: { ...recipe.evaluation, every: 1 } };
  expect(stepsInTime(often, { step: 0.5, evaluation: 2 }, 100)).toEqual({ steps: 110, evaluations: 20 }); // no more than twenty
});

it('evaluations take no more than half of the time', () => {
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 20 }, 100)).toEqual({ steps: 110, evaluations: 2 });
  expect(withSteps({ ...sotu, ...recipe }, 110, 2).evaluation.every).toBe(55);
});

it('is never less than a step and an evaluation', () => {
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 200 }, 100)).toEqual({ steps: 1, evaluations: 1 });
});
