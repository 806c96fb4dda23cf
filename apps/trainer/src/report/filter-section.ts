/** What the gate of each block learned from evaluation to evaluation: of texts by distance, of images as images. */
import { formatNumber } from '@gmlp/base';
import type { SpatialFilter } from '@gmlp/layers';
import { sampledPlaces, tokenFilters } from '../inspect/image-filters.ts';
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
  if (last === undefined) return html``;
  const through = grid === undefined ? ofText : ofImages(grid);
  return html`<h2>Spatial filters${alone ? '' : ` of ${name}`}</h2>
<p class="faint">What the gate of each block learned, from step ${formatNumber(steps[0]!.step)} to ${formatNumber(last.step)}: ${through.explanation}
Blue is positive, orange negative.</p>
${last.blocks.map(
  (filter, block) =>
    html`<div class="layer"><h3>Block ${block + 1}</h3><div class="through">${steps.map(({ step, blocks }) => {
      const then = blocks[block];
      return then === undefined
        ? ''
        : html`<div>${through.middle(then, `Block ${block + 1} at step ${step}`)}<span class="faint">step ${formatNumber(step)}</span></div>`;
    })}<div>${through.atTheEnd(filter, `W of block ${block + 1}`)}<span class="faint">W at the end</span></div></div></div>`,
)}`;
}

interface Shown {
  readonly explanation: string;
  /** The row of W for the middle token. */
  middle(filter: SpatialFilter, label: string): Markup;
  atTheEnd(filter: SpatialFilter, label: string): Markup;
}

const rowOf = ({ matrix, tokens }: SpatialFilter, token: number): Float32Array =>
  matrix.slice(token * tokens, (token + 1) * tokens);

const ofText: Shown = {
  explanation:
    'the row of W for the middle token, by distance in tokens (backward to the left, forward to the right); at the end the whole of W.',
  middle: (filter, label) => filterCurve(rowOf(filter, filter.tokens >> 1), filter.tokens >> 1, label),
  atTheEnd: ({ matrix, tokens }, label) => heatMap(matrix, tokens, `${label}, ${tokens} by ${tokens}`),
};

/** `grid`: patches along a side of the image. */
function ofImages(grid: number): Shown {
  const places = sampledPlaces(grid).map((place) => place + 1);
  const middle = (grid >> 1) * grid + (grid >> 1);
  return {
    explanation: `the row of W for the token in the middle, as an image of the ${grid} by ${grid} patches that it takes from; at the end the rows for the tokens in rows and columns ${places.join(', ')}, as in the paper's Figure 3. Each picture has its own scale.`,
    middle: (filter, label) => heatMap(rowOf(filter, middle), grid, label),
    atTheEnd: ({ matrix }, label) => filterMosaic(label, tokenFilters(matrix, grid), grid),
  };
}
