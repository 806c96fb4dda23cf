/** Series over the steps of training: lines, points, and levels to compare with, on a linear or a logarithmic axis. */
import { formatNumber } from '@gmlp/base';
import { axisTicks, scale } from './axis.ts';
import { html, type Markup } from './html.ts';

export interface Series {
  readonly name: string;
  readonly form: 'line' | 'points' | 'level';
  /** Which of the page's colours, counted from 0. */
  readonly colour: number;
  /** [step, value]; of a level the value alone counts. What is no number leaves a gap. */
  readonly points: readonly (readonly [step: number, value: number])[];
}

export interface LineChartOptions {
  /** What the values are, for those who hear the page instead of seeing it. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly logarithmic?: boolean;
  /** Of a value, in tooltips. */
  readonly format?: (value: number) => string;
}

const [width, height] = [760, 320];
const margin = { left: 78, right: 36, top: 12, bottom: 52 };

export function lineChart({ label, series, logarithmic = false, format = shortNumber }: LineChartOptions): Markup {
  const drawable = (value: number): boolean => Number.isFinite(value) && (!logarithmic || value > 0);
  const shown = series.map((each) => ({ ...each, points: each.points.filter(([, value]) => drawable(value)) }));
  const values = shown.flatMap(({ points }) => points.map(([, value]) => value));
  if (values.length === 0) return html`<p class="faint">Nothing to draw yet.</p>`;
  const [least, most] = [smallest(values), -smallest(values.map((value) => -value))];
  const ticks = logarithmic ? logarithmicTicks(least, most) : linearTicks(least, most);
  const place = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const steps = shown.filter(({ form }) => form !== 'level').flatMap(({ points }) => points.map(([step]) => step));
  const last = Math.max(-smallest(steps.map((step) => -step)), 1);
  const x = scale(0, last, margin.left, width - margin.right);
  const y = scale(place(ticks[0]!), place(ticks.at(-1)!), height - margin.bottom, margin.top);

  const gridLine = (value: number): Markup => html`
    <line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(place(value))}" y2="${y(place(value))}"/>
    <text class="tick" text-anchor="end" x="${margin.left - 8}" y="${y(place(value)) + 4}">${shortNumber(value)}</text>`;
  const stepTick = (value: number): Markup =>
    html`<text class="tick" text-anchor="middle" x="${x(value)}" y="${height - margin.bottom + 22}">${shortNumber(value)}</text>`;
  const draw = ({ name, form, colour, points }: Series): Markup => {
    if (form === 'level') {
      const at = y(place(points[0]![1]));
      return html`<line class="level" x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}"/>`;
    }
    if (form === 'line' && points.length > 1) {
      const path = points.map(([step, value], index) => `${index === 0 ? 'M' : 'L'}${x(step)} ${y(place(value))}`).join('');
      return html`<path class="line c${colour % colours}" d="${path}"/>`;
    }
    return html`${points.map(
      ([step, value]) =>
        html`<circle class="c${colour % colours}" cx="${x(step)}" cy="${y(place(value))}" r="4"><title>${name}, step ${formatNumber(step)}: ${format(value)}</title></circle>`,
    )}`;
  };
  return html`<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${ticks.map(gridLine)}
    ${axisTicks(0, last, 6).map(stepTick)}
    <text class="name" text-anchor="middle" x="${(margin.left + width - margin.right) / 2}" y="${height - 6}">step</text>
    ${shown.filter(({ points }) => points.length > 0).map(draw)}
  </svg>
  <p class="legend">${shown.map(({ name, form, colour }) => html`<span class="entry"><span class="key ${form} c${colour % colours}"></span>${name}</span>`)}</p>`;
}

/** The page's style has so many. */
const colours = 6;

/** Math.min(...values) ends at some hundred thousand arguments. */
const smallest = (values: readonly number[]): number =>
  values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);

/** Round values around all that is drawn. */
function linearTicks(least: number, most: number): number[] {
  const room = most > least ? 0 : Math.abs(least) / 2 || 1;
  const inner = axisTicks(least - room, most + room, 6);
  const step = inner.length > 1 ? inner[1]! - inner[0]! : 1;
  const outer = (value: number): number => Number(value.toPrecision(12));
  const below = inner[0]! > least ? [outer(inner[0]! - step)] : [];
  const above = inner.at(-1)! < most ? [outer(inner.at(-1)! + step)] : [];
  return [...below, ...inner, ...above];
}

/** 1, 2 and 5 times the powers of ten around all that is drawn; the powers alone when there are many. */
function logarithmicTicks(least: number, most: number): number[] {
  const powers = Math.log10(most / least);
  const factors = powers > 3 ? [1] : powers > 1.2 ? [1, 3] : [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(most)) + 1; power++)
    for (const factor of factors) all.push(Number((factor * 10 ** power).toPrecision(3)));
  const from = all.findLastIndex((value) => value <= least);
  const to = all.findIndex((value) => value >= most);
  return to > from ? all.slice(from, to + 1) : [all[from]!, all[from + 1]!];
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  if (size !== 0 && size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}
