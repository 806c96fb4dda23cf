import { expect, it } from 'vitest';
import { formatMetrics } from './format-metrics.ts';

it('writes one line a record', () => {
  const metrics = {
    step: 7,
    loss: 5,
    figures: { perplexity: Math.exp(5) },
    learningRate: 1e-3,
    unitsPerSecond: 12_345.6,
    seconds: 3,
    timeLeft: 62,
    split: { data: 0, compute: 1, update: 0, save: 0 },
    waitingShare: 0.049,
  };
  expect(formatMetrics(metrics, { steps: 1200, unit: 'tokens' })).toBe(
    'step     7/1,200  loss 5.000  perplexity 148.4  12,346 tokens/s  1 min 02 s left',
  );
  const moved = { toDevice: { arrays: 5, bytes: 4136 }, toHost: { arrays: 2, bytes: 8 } };
  expect(formatMetrics({ ...metrics, moved }, { steps: 1200, unit: 'tokens' })).toMatch(
    /tokens\/s {2}4\.14 kB written, 8 B read a step {2}1 min/,
  );
  const speed = { flops: 143.2e9, productShare: 0.807 };
  expect(formatMetrics({ ...metrics, speed, moved }, { steps: 1200, unit: 'tokens' })).toMatch(
    /tokens\/s {2}143 GFLOP\/s \(81 %\) {2}4\.14 kB/,
  );
  expect(formatMetrics({ ...metrics, waitingShare: 0.306, moved }, { steps: 1200, unit: 'images' })).toMatch(
    /images\/s {2}31 % waiting for data {2}4\.14 kB/,
  );
});
