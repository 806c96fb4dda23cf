import { expect, it } from 'vitest';
import { stepsInTime } from './steps-in-budget.ts';

const recipe = { steps: 1000, evaluation: { every: 100, patience: null, minDelta: 0 } };

it('takes the time of the evaluations off; a part of the time is kept back', () => {
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 0 }, 100)).toBe(190);
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 4 }, 100)).toBe(110);
  const often = { ...recipe, evaluation: { ...recipe.evaluation, every: 1 } };
  expect(stepsInTime(often, { step: 0.5, evaluation: 2 }, 100)).toBe(110); // no more than twenty
});

it('is never less than a step', () => {
  expect(stepsInTime(recipe, { step: 0.5, evaluation: 20 }, 100)).toBe(1);
});
