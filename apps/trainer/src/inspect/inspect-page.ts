/** The page of `gmlp inspect`: a model as a tree, its spatial weights, tiny attention on a sentence, the config. */

import { formatNumber } from '@gmlp/base';
import { spatialFilter } from '@gmlp/layers';
import { familyOf } from '@gmlp/models';
import { namedLeaves } from '../named-leaves.ts';
import { filterCurve } from '../report/filter-curve.ts';
import { filterMosaic } from '../report/filter-mosaic.ts';
import { heatMap } from '../report/heat-map.ts';
import { html, type Markup } from '../report/html.ts';
import { page } from '../report/page.ts';
import { figure, table } from '../report/parts.ts';
import { attentionMap } from './attention-map.ts';
import type { AttentionMaps } from './attention-maps.ts';
import { drawnMatrix, finiteValues } from './drawn-matrix.ts';
import { imageFilters, middleRow, rowOf, sampledPlaces, sampledUnits } from './image-filters.ts';
import type { InspectedModel, SpatialWeightOfBlock } from './inspect-model.ts';

export interface InspectPage {
  readonly model: InspectedModel;
  readonly attention?: AttentionMaps;
}

/** Rows of a matrix on the page; a larger one is drawn coarser. Noise takes two bytes a point, so a page stays below 6 MB. */
const mostRows = (matrices: number): number => Math.min(256, Math.floor(Math.sqrt(3e6 / matrices)));

export function inspectPage({ model, attention }: InspectPage): string {
  const { directory, config, parameters, spatial, tree } = model;
  const { family, ...rest } = config;
  const { layers } = familyOf(config).facts(config);
  const body = html`<h1>${directory}</h1>
<p class="faint">A model of the family ${family}.</p>
<div class="figures">
${figure(formatNumber(parameters), 'parameters')}
${figure(formatNumber(layers), 'blocks')}
</div>
${spatialSection(model)}
${attention ? attentionSection(attention) : ''}
<h2>Parameters</h2>
<p class="faint">By name, with shapes and counts; neighbours that look the same are on one line.</p>
<div class="scroll"><pre>${tree}</pre></div>
<h2>Config</h2>
${table(Array.from(namedLeaves(rest), ([name, value]) => [name, String(value)]))}`;
  return page({ title: `${directory}: ${family}${spatial.length > 0 ? ', spatial weights' : ''}`, body });
}

export const withoutSpatialWeights = (family: string): string =>
  `The model has no spatial weights: ${family} has no matrix whose rows are tokens.`;

function spatialSection({ config, spatial }: InspectedModel): Markup {
  const [first] = spatial;
  if (first === undefined) return html`<h2>Spatial weights</h2><p>${withoutSpatialWeights(config.family)}</p>`;
  const { grid, causal } = familyOf(config).facts(config);
  const layout: Layout = { grid, causal, most: mostRows(spatial.length) };
  return html`<h2>Spatial weights</h2>
<p class="faint">${explanation(first, layout)}</p>
<div class="layers">
${spatial.map((weight) => panel(weight, layout))}
</div>`;
}

interface Layout {
  /** Patches along a side of the image; undefined for text. */
  readonly grid: number | undefined;
  readonly causal: boolean;
  /** Rows of a matrix that are drawn. */
  readonly most: number;
}

const colours =
  ' Blue is positive, orange negative; the colours follow the square root of the weight, and each picture has its own scale.';

function explanation({ form, weight }: SpatialWeightOfBlock, { grid, causal, most }: Layout): string {
  const unseen = causal ? ' The model is causal: weights of later tokens take no part and are drawn as zero.' : '';
  if (form === 'toeplitz') {
    const distances = 'by distance in tokens (backward to the left, forward to the right)';
    return `One weight for each distance: what a token takes from the others, ${distances}. Each curve has its own scale.${unseen}`;
  }
  const coarse =
    grid === undefined && Math.max(...weight.shape) > most
      ? ' W is drawn coarser than it is: each point shows the strongest weight of its square.'
      : '';
  if (form === 'hidden') {
    const hidden = weight.shape[1]!;
    if (grid !== undefined) {
      return `What hidden units of the token mixing take from each patch: columns ${sampledUnits(hidden).join(', ')} of W, counted from 0, as images of ${grid} by ${grid} patches.${colours}`;
    }
    const unit = middleRow({ rows: hidden, of: 'hidden units' }, grid);
    return `Above, what hidden unit ${unit} of the token mixing takes from each token, by its place; below, what all of them take, a row for each of the ${hidden} hidden units.${coarse}${colours}`;
  }
  if (grid !== undefined) {
    const places = sampledPlaces(grid).map((place) => place + 1);
    return `What a token takes from each patch: rows of W as images of ${grid} by ${grid} patches, laid out as their tokens lie in the image. Shown are the tokens in rows and columns ${places.join(', ')}.${colours}`;
  }
  return `Above, the row of W for the middle token, by distance in tokens (backward to the left, forward to the right); below, the whole of W, a row for each token.${coarse}${unseen}${colours}`;
}

function panel({ block, form, weight }: SpatialWeightOfBlock, { grid, causal, most }: Layout): Markup {
  const { values, replaced } = finiteValues(weight.data as Float32Array);
  const note =
    replaced > 0 ? html`<p class="note">${formatNumber(replaced)} of the weights are no finite numbers; drawn as zero.</p>` : '';
  const name = `Block ${block + 1}`;
  return html`<div class="layer"><h3>${name}</h3>${note}${picture()}</div>`;

  function picture(): Markup {
    if (form === 'toeplitz') {
      const middle = (values.length - 1) / 2;
      const seen = causal ? values.map((value, index) => (index > middle ? 0 : value)) : values;
      return filterCurve(seen, middle, `${name}: weights by distance`);
    }
    const filter = spatialFilter({ ...weight, dtype: 'float32', data: values }, form, { causal });
    if (grid !== undefined) return filterMosaic(name, imageFilters(filter, grid), grid);
    const { matrix, rows, tokens, of } = filter;
    const row = middleRow(filter, grid);
    const curve =
      of === 'tokens'
        ? filterCurve(rowOf(filter, row), row, `${name}: row ${row} of W, by distance`)
        : filterCurve(rowOf(filter, row), undefined, `${name}: hidden unit ${row}, by place`);
    const drawn = drawnMatrix(matrix, tokens, most);
    return html`${curve}
${heatMap(drawn.matrix, drawn.columns, `${name}: W, ${rows} by ${tokens}`)}`;
  }
}

function attentionSection({ pieces, maps }: AttentionMaps): Markup {
  return html`<h2>Tiny attention</h2>
<p class="faint">Which pieces each piece (a row) attends to in each block, the stronger the colour the more; a row sums to one. The sentence is repeated to the
model's length, and what goes to a copy of a piece is counted for the piece.</p>
<p class="sentence">${pieces.join(' ')}</p>
<div class="layers wide">${maps.map((map, block) => {
    const { values, replaced } = finiteValues(map);
    const name = `Block ${block + 1}`;
    return html`<div class="layer"><h3>${name}</h3>${replaced > 0 ? html`<p class="note">The attention is no finite number.</p>` : ''}${attentionMap(values, pieces, `${name}: attention of each piece`)}</div>`;
  })}</div>`;
}
