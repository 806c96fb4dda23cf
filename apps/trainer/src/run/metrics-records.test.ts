import { expect, it } from 'vitest';
import { evaluationRecord, metricsRecord } from './metrics-records.ts';

it('names the figures of training, of validation and of the average apart', () => {
  const split = { data: 0, compute: 1, update: 0, save: 0 };
  const clock = { learningRate: 0.1, seconds: 2, timeLeft: 3, split };
  expect(metricsRecord({ step: 7, loss: 2, figures: { perplexity: 7.4 }, unitsPerSecond: 9, ...clock }, 'tokens')).toEqual({
    ...{ step: 7, loss: 2, perplexity: 7.4, tokensPerSecond: 9 },
    ...clock,
  });
  const figures = { loss: 2, top1: 0.5 };
  expect(evaluationRecord({ step: 7, figures })).toEqual({ step: 7, valLoss: 2, valTop1: 0.5 });
  expect(evaluationRecord({ step: 7, figures, average: { loss: 1, top1: 0.75 } })).toEqual({
    ...{ step: 7, valLoss: 2, valTop1: 0.5 },
    ...{ emaValLoss: 1, emaValTop1: 0.75 },
  });
});
