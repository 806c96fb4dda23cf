/** One row of W as a curve: how much the middle token takes from each token, by distance (the paper's Figure 4). */
import { axisTicks, scale } from './axis.ts';
import { html, type Markup } from './html.ts';

const [width, height] = [320, 120];
const margin = { left: 8, right: 8, top: 8, bottom: 22 };

export function filterCurve(row: Float32Array, middle: number, label: string): Markup {
  const largest = row.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  const x = scale(-middle, row.length - 1 - middle, margin.left, width - margin.right);
  const y = scale(-largest, largest, height - margin.bottom, margin.top);
  const path = Array.from(row, (value, index) => `${index === 0 ? 'M' : 'L'}${x(index - middle)} ${y(value)}`).join('');
  const ticks = axisTicks(-middle, row.length - 1 - middle, 5);
  return html`<svg class="filter" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <line class="zero" x1="${margin.left}" x2="${width - margin.right}" y1="${y(0)}" y2="${y(0)}"/>
    <line class="grid" x1="${x(0)}" x2="${x(0)}" y1="${margin.top}" y2="${height - margin.bottom}"/>
    <path class="line c0" d="${path}"/>
    ${ticks.map((tick) => html`<text class="tick" text-anchor="middle" x="${x(tick)}" y="${height - 6}">${tick > 0 ? `+${tick}` : tick}</text>`)}
  </svg>`;
}
