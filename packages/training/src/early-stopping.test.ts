import { expect, it } from 'vitest';
import { earlyStopping } from './early-stopping.ts';

it('stops after `patience` evaluations without improvement, counted from the last one', () => {
  const decide = earlyStopping({ patience: 2 });
  const losses = [5, 4, 4.5, 3, 3, 3.1, 2];
  const stops = losses.map((_, index) => decide(losses.slice(0, index + 1)).stop);
  expect(stops).toEqual([false, false, false, false, false, true, false]);
  expect(decide(losses.slice(0, 6)).best).toBe(3);
  expect(decide([])).toEqual({ best: -1, stop: false });
});

it('a fall of no more than minDelta is no improvement, though several together are', () => {
  const decide = earlyStopping({ patience: 2, minDelta: 0.5 });
  expect(decide([5, 4.75, 4.5])).toEqual({ best: 0, stop: true });
  expect(decide([5, 4.75, 4.25])).toEqual({ best: 2, stop: false });
});

it('NaN improves nothing', () => {
  const decide = earlyStopping({ patience: 2 });
  expect(decide([Number.NaN, Number.NaN])).toEqual({ best: -1, stop: true });
  expect(decide([Number.NaN, 3])).toEqual({ best: 1, stop: false });
  expect(decide([3, Number.NaN, Number.NaN])).toEqual({ best: 0, stop: true });
});

it('refuses settings that mean nothing', () => {
  for (const options of [
    { patience: 0 },
    { patience: 1.5 },
    { patience: 1, minDelta: -1 },
    { patience: 1, minDelta: Number.NaN },
  ]) {
    expect(() => earlyStopping(options)).toThrow(/patience/);
  }
});
