import { expect, it } from 'vitest';
import { bestEvaluation } from './evaluation-record.ts';

const evaluations = [Number.NaN, 0.5, 0.7, 0.2, 0.7].map((top1, step) => ({ step, figures: { top1, loss: 1 - top1 } }));

it('takes the best by the figure and its direction, the first of equal ones, none that is no number', () => {
  const best = (figure: string, better: 'lower' | 'higher') => bestEvaluation(evaluations, { figure, better })?.step;
  expect([best('top1', 'higher'), best('top1', 'lower'), best('loss', 'lower')]).toEqual([2, 3, 2]);
  expect(best('unknown', 'lower')).toBeUndefined();
  expect(bestEvaluation(evaluations.slice(0, 1), { figure: 'top1', better: 'higher' })).toBeUndefined();
});
