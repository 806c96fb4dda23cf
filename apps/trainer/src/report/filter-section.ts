/** How each block learned to mix the tokens, from evaluation to evaluation: of texts by distance, of images as images. */
import { formatNumber } from '@gmlp/base';
import type { SpatialFilter } from '@gmlp/layers';
import { imageFilters, middleRow, rowOf, sampledPlaces, sampledUnits } from '../inspect/image-filters.ts';
import { filterCurve } from './filter-curve.ts';
import { filterMosaic } from './filter-mosaic.ts';
import { heatMap } from './heat-map.ts';
import { html, type Markup } from './html.ts';
import type { RunData } from './read-run.ts';

export function filterSection(
  { name, filters: { steps }, grid }: Pick<RunData, 'name' | 'filters' | 'grid'>,
  alone: boolean,
): Markup {
  const last = steps.at(-1);
  const first = last?.blocks[0];
  if (last === undefined || first === undefined) return html``;
  return html`<h2>Spatial filters${alone ? '' : ` of ${name}`}</h2>
<p class="faint">How each block learned to mix the tokens, from step ${formatNumber(steps[0]!.step)} to ${formatNumber(last.step)}: ${explanation(first, grid)}
Blue is positive, orange negative.</p>
${last.blocks.map(
  (filter, block) =>
    html`<div class="layer"><h3>Block ${block + 1}</h3><div class="through">${steps.map(({ step, blocks }) => {
      const then = blocks[block];
      return then === undefined
        ? ''
        : html`<div>${oneRow(then, grid, `Block ${block + 1} at step ${step}`)}<span class="faint">step ${formatNumber(step)}</span></div>`;
    })}<div>${atTheEnd(filter, grid, `W of block ${block + 1}`)}<span class="faint">W at the end</span></div></div></div>`,
)}`;
}

/** `grid`: patches along a side of the image; undefined for text. */
type Grid = number | undefined;

function explanation(filter: SpatialFilter, grid: Grid): string {
  const { rows, of } = filter;
  const unit = `what hidden unit ${middleRow(filter, grid)} of the token mixing takes from each`;
  if (grid === undefined) {
    return of === 'tokens'
      ? 'the row of W for the middle token, by distance in tokens (backward to the left, forward to the right); at the end the whole of W.'
      : `${unit} token, by its place; at the end the whole of W, a row for each of its ${rows} hidden units.`;
  }
  const [one, all] =
    of === 'tokens'
      ? [
          `the row of W for the token in the middle, as an image of the ${grid} by ${grid} patches that it takes from`,
          `the rows for the tokens in rows and columns ${sampledPlaces(grid).map((place) => place + 1).join(', ')}`, // biome-ignore format: one thought
        ]
      : [`${unit} of the ${grid} by ${grid} patches, as an image`, `units ${sampledUnits(rows).join(', ')}, counted from 0`];
  return `${one}; at the end ${all}, as in the paper's Figure 3. Each picture has its own scale.`;
}

/** The row of W that is followed from evaluation to evaluation. */
function oneRow(filter: SpatialFilter, grid: Grid, label: string): Markup {
  const row = middleRow(filter, grid);
  const weights = rowOf(filter, row);
  return grid === undefined
    ? filterCurve(weights, filter.of === 'tokens' ? row : undefined, label)
    : heatMap(weights, grid, label);
}

function atTheEnd(filter: SpatialFilter, grid: Grid, label: string): Markup {
  const { matrix, rows, tokens } = filter;
  if (grid !== undefined) return filterMosaic(label, imageFilters(filter, grid), grid);
  return heatMap(matrix, tokens, `${label}, ${rows} by ${tokens}`);
}
