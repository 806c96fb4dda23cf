import { expect, it } from 'vitest';
import { filterSection } from './filter-section.ts';
import { heatMap } from './heat-map.ts';

it('rows of a model of images are images of its patches: the middle one at each step, nine of them at the end', () => {
  const [grid, tokens] = [4, 16];
  const matrix = Float32Array.from({ length: tokens * tokens }, (_, at) => Math.sin(at));
  const at = (step: number, factor: number) => ({ step, blocks: [{ matrix: matrix.map((value) => value * factor), tokens }] });
  const filters = { steps: [at(10, 0.1), at(20, 1)], refused: [] };
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
