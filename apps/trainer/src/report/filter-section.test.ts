import type { SpatialFilter } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { filterSection } from './filter-section.ts';
import { heatMap } from './heat-map.ts';

/** A filter at two evaluations. */
function throughSteps(filter: SpatialFilter) {
  const at = (step: number, factor: number) => ({
    step,
    blocks: [{ ...filter, matrix: filter.matrix.map((value) => value * factor) }],
  });
  return { steps: [at(10, 0.1), at(20, 1)], refused: [] };
}

it('rows of a model of images are images of its patches: the middle one at each step, nine of them at the end', () => {
  const [grid, tokens] = [4, 16];
  const matrix = Float32Array.from({ length: tokens * tokens }, (_, at) => Math.sin(at));
  const filters = throughSteps({ matrix, rows: tokens, tokens, of: 'tokens' });
  const { markup } = filterSection({ name: 'mine', filters, grid }, true);
  const middle = 2 * grid + 2;
  expect(markup).toContain(heatMap(matrix.slice(middle * tokens, (middle + 1) * tokens), grid, 'Block 1 at step 20').markup);
  expect(markup).toContain(heatMap(matrix.slice(0, tokens), grid, 'W of block 1, row 1, column 1').markup);
  expect(markup.match(/<img class="map" width="4" height="4"/g)).toHaveLength(2 + 9);
  expect(markup).not.toContain('<svg');
  const text = filterSection({ name: 'mine', filters }, true).markup;
  expect(text).toContain('W of block 1, 16 by 16');
  expect(text.match(/<svg/g)).toHaveLength(2);
});

it('of a Mixer the rows are hidden units: one of them at each step, nine of them at the end; of a text by place', () => {
  const [grid, tokens, rows] = [4, 16, 18];
  const matrix = Float32Array.from({ length: rows * tokens }, (_, at) => Math.cos(at));
  const filters = throughSteps({ matrix, rows, tokens, of: 'hidden units' });
  const unit = (number: number): Float32Array => matrix.slice(number * tokens, (number + 1) * tokens);
  const { markup } = filterSection({ name: 'mine', filters, grid }, true);
  expect(markup).toContain('what hidden unit 8 of the token mixing takes from each of the 4 by 4 patches');
  expect(markup).toContain(heatMap(unit(8), grid, 'Block 1 at step 20').markup);
  expect(markup).toContain(heatMap(unit(16), grid, 'W of block 1, unit 16').markup);
  expect(markup.match(/<img class="map" width="4" height="4"/g)).toHaveLength(2 + 9);
  const text = filterSection({ name: 'mine', filters }, true).markup;
  expect(text).toContain(heatMap(matrix, tokens, 'W of block 1, 18 by 16').markup);
  expect(text.match(/<svg/g)).toHaveLength(2);
  expect(text).not.toMatch(/undefined|NaN/);
});
