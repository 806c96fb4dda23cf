import { expect, it } from 'vitest';
import { fullSize } from './bench-size.ts';
import { median } from './numbers.ts';
import { type Side, type SideTimes, stepFigures, stepTable } from './step-report.ts';

const { task, traceBlocks } = fullSize;
const turn = (step: number[], forward: number[], product: number[], update: number[] = []): SideTimes => ({
  step,
  forward,
  product,
  update,
});
const times = new Map<Side, SideTimes>([
  ['gmlp', turn([400, 410, 390], [100, 101, 99], [5, 6, 4], [20, 19, 21])],
  ['gmlpOnWasm', turn([4000], [1000], [50])],
  ['tfjsWasm', turn([20_000], [2000], [500])],
]);
const withPytorch = new Map<Side, SideTimes>([...times, ['pytorch', turn([500, 440, 380], [150, 250], [10])]]);

it('takes the middle value, or the mean of the two middle ones', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it('says how much longer the others take', () => {
  const peaks = new Map<Side, number>([
    ['gmlp', 500.4],
    ['pytorch', 600.6],
  ]);
  expect(stepFigures({ task, traceBlocks, times: withPytorch, peaks, traces: [800, 900, 700] })).toEqual({
    model: '6 blocks, 256 channels (1536 inside), 196 tokens, batch 8',
    traceBlocks: 36,
    step: { gmlp: 400, tfjsWasm: 20_000, gmlpOnWasm: 4000, pytorch: 440, overTfjsWasm: 50, overPytorch: 1.1 },
    forward: { gmlp: 100, tfjsWasm: 2000, gmlpOnWasm: 1000, pytorch: 200, overTfjsWasm: 20, overPytorch: 2 },
    product: { gmlp: 247, tfjsWasm: 2.47, gmlpOnWasm: 24.7, pytorch: 123 }, // 2 * 1568 * 256 * 1536 operations
    peakMb: { gmlp: 500, pytorch: 601 },
    optimiserShare: 0.05,
    traceMs: 800,
  });
});

it('has null where PyTorch was not measured, and leaves it out of the table', () => {
  const figures = stepFigures({ task, traceBlocks, times, peaks: new Map([['gmlp', 500]]), traces: [800] });
  expect(figures.step.pytorch).toBeNull();
  expect(figures.forward.overPytorch).toBeNull();
  expect(figures.peakMb.pytorch).toBeNull();
  expect(figures.product.pytorch).toBeNull();
  expect(stepTable(figures)).not.toContain('PyTorch');
  expect(stepTable(figures)).toMatch(/plain TensorFlow\.js wasm .* 2\.47\s*$/m);
});
