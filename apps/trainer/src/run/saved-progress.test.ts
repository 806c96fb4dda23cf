import type { RunProgress } from '@gmlp/training';
import { expect, it } from 'vitest';
import { expectProgress, savedProgress } from './saved-progress.ts';

const progress: RunProgress = {
  evaluations: [
    {
      step: 2,
      figures: { loss: 710, perplexity: Math.exp(710) },
      average: { loss: 1e30, perplexity: Number.POSITIVE_INFINITY },
    },
    { step: 4, figures: { loss: 5, perplexity: Math.exp(5) } },
  ],
  seconds: 1.5,
  unrecorded: { steps: 1, losses: 1e300 },
};

it('comes back from JSON as it was, figures beyond all numbers too', () => {
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
  { ...progress, evaluations: [{ step: 2, figures: { loss: 'many', perplexity: 3 } }] },
  { ...progress, evaluations: [{ step: 2, figures: { loss: 3, perplexity: null } }] },
  { ...progress, evaluations: [{ step: 2, figures: { loss: 3 }, average: 3 }] },
  { ...progress, seconds: '1' },
  { ...progress, unrecorded: { steps: 1 } },
])('what is no state of a run is refused: %j', (state) => {
  expect(() => expectProgress(state, 'here')).toThrow("train: the state of here is not a run's");
});
