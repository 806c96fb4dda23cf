import { expect, it } from 'vitest';
import { evaluationRecord, evaluationWithFollowing, metricsRecord, withFollowing } from './metrics-records.ts';

it('names the figures of training, of validation and of the average apart', () => {
  const split = { data: 0, compute: 1, update: 0, save: 0 };
  const clock = { learningRate: 0.1, seconds: 2, timeLeft: 3, split, waitingShare: 0.25 };
  expect(metricsRecord({ step: 7, loss: 2, figures: { perplexity: 7.4 }, unitsPerSecond: 9, ...clock }, 'tokens')).toEqual({
    ...{ step: 7, loss: 2, perplexity: 7.4, tokensPerSecond: 9 },
    ...clock,
  });
  const speed = { flops: 5e9, productShare: 0.25 };
  expect(metricsRecord({ step: 7, loss: 2, figures: {}, unitsPerSecond: 9, speed, ...clock }, 'tokens')).toMatchObject({
    gflopsPerSecond: 5,
    productShare: 0.25,
  });
  const figures = { loss: 2, top1: 0.5 };
  expect(evaluationRecord({ step: 7, figures })).toEqual({ step: 7, valLoss: 2, valTop1: 0.5 });
  expect(evaluationRecord({ step: 7, figures, average: { loss: 1, top1: 0.75 } })).toEqual({
    ...{ step: 7, valLoss: 2, valTop1: 0.5 },
    ...{ emaValLoss: 1, emaValTop1: 0.75 },
  });
});

it('adds what follows of a loss to the figures of training, of an evaluation and of the average, and nothing where there is no loss', () => {
  const following = (loss: number) => ({ bitsPerByte: loss / 2 });
  const record = { step: 1, loss: 4, figures: { perplexity: 9 }, learningRate: 0, unitsPerSecond: 0, seconds: 0, timeLeft: 0 };
  const metrics = { ...record, split: { data: 0, compute: 0, update: 0, save: 0 }, waitingShare: 0 };
  expect(withFollowing({ kind: 'record', metrics }, following)).toMatchObject({
    metrics: { figures: { perplexity: 9, bitsPerByte: 2 } },
  });
  const evaluation = { step: 1, figures: { loss: 6 }, average: { loss: 8 } };
  expect(evaluationWithFollowing(evaluation, following)).toEqual({
    ...{ step: 1, figures: { loss: 6, bitsPerByte: 3 } },
    average: { loss: 8, bitsPerByte: 4 },
  });
  expect(evaluationWithFollowing({ step: 1, figures: { accuracy: 1 } }, following).figures).toEqual({ accuracy: 1 });
});
