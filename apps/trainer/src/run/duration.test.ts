import { expect, it } from 'vitest';
import { secondsOfDuration } from './duration.ts';

it('reads durations as people write them, and nothing else', () => {
  expect(['90s', '30m', '1h30m', '1h 30m', '1.5h', '2d', '0.5s'].map(secondsOfDuration)).toEqual([
    90, 1800, 5400, 5400, 5400, 172_800, 0.5,
  ]);
  for (const wrong of ['', '30', 'm', '-3m', '0s', '30m1h', '1e3s', '30 minutes', `${'9'.repeat(400)}s`]) {
    expect(secondsOfDuration(wrong), wrong).toBeUndefined();
  }
});
