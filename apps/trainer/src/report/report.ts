/** The report of a run as one HTML file: figures, loss curve, spatial filters, masks filled in, settings. A pure function of the data. */
import type { SpatialFilter } from '@gmlp/layers';
import type { FilledMask } from '@gmlp/text';
import { formatDuration, formatNumber } from '@gmlp/training';
import { filledMasks } from './filled-masks.ts';
import { filterCurve } from './filter-curve.ts';
import { heatMap } from './heat-map.ts';
import { html, type Markup } from './html.ts';
import { type LossCurveData, lossCurve } from './loss-curve.ts';
import { page } from './page.ts';
import { figure, table } from './parts.ts';

export interface ReportData {
  readonly title: string;
  readonly description: string;
  readonly valPerplexity: number;
  readonly unigramPerplexity: number;
  /** From the start of the command. */
  readonly seconds: number;
  readonly parameters: number;
  readonly curve: Omit<LossCurveData, 'unigramLoss'>;
  /** One a layer, the first layer first. */
  readonly filters: readonly SpatialFilter[];
  readonly filled: readonly FilledMask[];
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly machine: readonly (readonly [name: string, value: string])[];
}

export function renderReport(data: ReportData): string {
  const { title, description, valPerplexity, unigramPerplexity, curve, filters, filled } = data;
  const body = html`<h1>${title}</h1>
<p class="faint">${description}</p>
<div class="figures">
${figure(formatNumber(valPerplexity), 'validation perplexity')}
${figure(formatNumber(unigramPerplexity), 'unigram model, same tokens')}
${figure((valPerplexity / unigramPerplexity).toFixed(3), 'ratio, lower is better')}
${figure(formatNumber(data.parameters), 'parameters')}
${figure(formatDuration(data.seconds), 'from start to report')}
</div>

<h2>Loss</h2>
<p class="faint">Nats for each masked token, by training step; perplexity is its exponential.</p>
${lossCurve({ ...curve, unigramLoss: Math.log(unigramPerplexity) })}

<h2>Spatial filters</h2>
<p class="faint">What the gate of each block learned: above, the row of W for the middle token, by distance in tokens (backward to the left, forward to
the right); below, the whole of W. Blue is positive, orange negative; the colours follow the square root of the weight.</p>
<div class="layers">
${filters.map(filterPanel)}
</div>

${filledMasks(filled)}

<h2>Settings</h2>
${table(data.settings)}

<h2>Machine</h2>
${table(data.machine)}`;
  return page({ title, body });
}

function filterPanel({ matrix, tokens }: SpatialFilter, layer: number): Markup {
  const middle = tokens >> 1;
  const row = matrix.slice(middle * tokens, (middle + 1) * tokens);
  return html`<div class="layer"><h3>Block ${layer + 1}</h3>
${filterCurve(row, middle, `Row ${middle} of W in block ${layer + 1}, by distance`)}
${heatMap(matrix, tokens, `W of block ${layer + 1}, ${tokens} by ${tokens}`)}</div>`;
}
