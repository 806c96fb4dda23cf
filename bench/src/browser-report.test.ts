import { expect, it } from 'vitest';
import { browserFigures, browserTable } from './browser-report.ts';

const figures = browserFigures(
  '6 blocks',
  { ortWasm: [410, 400, 390], tfjsWasm: [9000, 7000], ortCpu: [210, 190, 200, 200] },
  { operations: 1.2e9, ortWasm: [30, 20, 10], ortCpu: [5, 6, 4] },
  2,
);

it('compares medians, others over ours in the browser and ours there over ours in Node', () => {
  expect(figures).toEqual({
    model: '6 blocks',
    threads: 2,
    step: { ortWasm: 400, tfjsWasm: 8000, ortCpu: 200 },
    overTfjsWasm: 20,
    overOrtCpu: 2,
    product: { ortWasm: 60, ortCpu: 240, overOrtCpu: 4 },
  });
});

it('says both in a line', () => {
  expect(browserTable(figures)).toMatch(/20\.0x as fast as plain TensorFlow\.js, and takes 2\.00x the time of ort-cpu in Node/);
});
