/** One row of W as a curve: how much a token takes from each token, by distance (the paper's Figure 4), or a hidden unit, by place. */
import { axisTicks, scale } from './axis.ts';
import { html, type Markup } from './html.ts';

const [width, height] = [320, 120];
const margin = { left: 8, right: 8, top: 8, bottom: 22 };

/** `middle`: the place of the token whose row it is; without it the places of the tokens are told, from 1 on. */
export function filterCurve(row: Float32Array, middle: number | undefined, label: string): Markup {
  const largest = row.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  const first = middle === undefined ? 1 : -middle;
  const last = first + row.length - 1;
  const x = scale(first, last, margin.left, width - margin.right);
  const y = scale(-largest, largest, height - margin.bottom, margin.top);
  const path = Array.from(row, (value, index) => `${index === 0 ? 'M' : 'L'}${x(first + index)} ${y(value)}`).join('');
  const ticks = axisTicks(first, last, 5);
  const told = (tick: number): string => (middle !== undefined && tick > 0 ? `+${tick}` : `${tick}`);
  const own =
    middle === undefined
      ? ''
      : html`<line class="grid" x1="${x(0)}" x2="${x(0)}" y1="${margin.top}" y2="${height - margin.bottom}"/>`;
  return html`<svg class="filter" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <line class="zero" x1="${margin.left}" x2="${width - margin.right}" y1="${y(0)}" y2="${y(0)}"/>
    ${own}
    <path class="line c0" d="${path}"/>
    ${ticks.map((tick) => html`<text class="tick" text-anchor="middle" x="${x(tick)}" y="${height - 6}">${told(tick)}</text>`)}
  </svg>`;
}
