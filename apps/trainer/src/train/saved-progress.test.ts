import { expect, it } from 'vitest';
import { expectProgress, savedProgress } from './saved-progress.ts';
import type { RunProgress } from './training-events.ts';

const progress: RunProgress = {
  evaluations: [
    { step: 2, valLoss: 710, valPerplexity: Math.exp(710), emaValLoss: 1e30, emaValPerplexity: Number.POSITIVE_INFINITY },
    { step: 4, valLoss: 5, valPerplexity: Math.exp(5) },
  ],
  seconds: 1.5,
  unrecorded: { steps: 1, losses: 1e300 },
};

it('comes back from JSON as it was, perplexities beyond all numbers too', () => {
  const state = JSON.parse(JSON.stringify(savedProgress(progress))) as unknown;
  expect(expectProgress(state, 'here')).toEqual(progress);
  expect(JSON.stringify(state)).not.toContain('null');
});

it.each([
  undefined,
  null,
  [],
  {},
  { ...progress, evaluations: {} },
  { ...progress, evaluations: [null] },
  { ...progress, evaluations: [{ step: 2, valLoss: 'Infinity', valPerplexity: 3 }] },
  { ...progress, evaluations: [{ step: 2, valLoss: 3, valPerplexity: null }] },
  { ...progress, evaluations: [{ step: 2, valLoss: 3, valPerplexity: 20, emaValLoss: 3 }] },
  { ...progress, seconds: '1' },
  { ...progress, unrecorded: { steps: 1 } },
])('what is no state of a run is refused: %j', (state) => {
  expect(() => expectProgress(state, 'here')).toThrow("train: the state of here is not a run's");
});
