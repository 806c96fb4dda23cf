import { expect, it } from 'vitest';
import { builtInRecipes } from '../recipes/built-in.ts';
import { bestPoint } from '../report/read-metrics.ts';
import { planOf } from './training-job.ts';

it.each([
  ['sotu', { figure: 'loss', better: 'lower' }, 2],
  ['restore', { figure: 'wordAccuracy', better: 'higher' }, 3],
] as const)('the best model of %s is the one by the first figure of its task', (name, best, step) => {
  expect(planOf(builtInRecipes.get(name)!).evaluation?.best).toEqual(best);
  const points = [
    [1, 0.5],
    [2, 0.3],
    [3, 0.7],
    [4, 0.7],
  ] as const;
  expect(bestPoint(points, best.better)?.[0]).toBe(step);
});
