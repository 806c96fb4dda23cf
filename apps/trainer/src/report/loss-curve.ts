/** The loss over the steps: training as a line, validation as points, the unigram model's loss as the line to get below. */
import { formatNumber } from '@gmlp/training';
import { axisTicks, scale } from './axis.ts';
import { html, type Markup } from './html.ts';

export interface CurvePoint {
  readonly step: number;
  /** Nats. */
  readonly loss: number;
}

export interface LossCurveData {
  readonly training: readonly CurvePoint[];
  readonly validation: readonly CurvePoint[];
  readonly unigramLoss: number;
}

const [width, height] = [760, 320];
const margin = { left: 52, right: 36, top: 12, bottom: 52 };

export function lossCurve({ training, validation, unigramLoss }: LossCurveData): Markup {
  const losses = [...training, ...validation].map(({ loss }) => loss);
  const lowest = Math.floor(Math.min(...losses, unigramLoss) * 2) / 2;
  const highest = Math.ceil(Math.max(...losses, unigramLoss) * 2) / 2;
  const last = Math.max(...training.map(({ step }) => step), 1);
  const x = scale(0, last, margin.left, width - margin.right);
  const y = scale(lowest, highest, height - margin.bottom, margin.top);
  const path = training.map(({ step, loss }, index) => `${index === 0 ? 'M' : 'L'}${x(step)} ${y(loss)}`).join('');
  const gridLine = (value: number): Markup => html`
    <line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(value)}" y2="${y(value)}"/>
    <text class="tick" text-anchor="end" x="${margin.left - 8}" y="${y(value) + 4}">${value}</text>`;
  const stepTick = (value: number): Markup =>
    html`<text class="tick" text-anchor="middle" x="${x(value)}" y="${height - margin.bottom + 22}">${formatNumber(value)}</text>`;
  const point = ({ step, loss }: CurvePoint): Markup =>
    html`<circle class="validation" cx="${x(step)}" cy="${y(loss)}" r="4"><title>step ${formatNumber(step)}: validation loss ${loss.toFixed(3)}, perplexity ${formatNumber(Math.exp(loss))}</title></circle>`;
  return html`<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="Loss over the training steps">
    ${axisTicks(lowest, highest, 6).map(gridLine)}
    ${axisTicks(0, last, 6).map(stepTick)}
    <text class="name" text-anchor="middle" x="${(margin.left + width - margin.right) / 2}" y="${height - 6}">step</text>
    <line class="unigram" x1="${margin.left}" x2="${width - margin.right}" y1="${y(unigramLoss)}" y2="${y(unigramLoss)}"/>
    <path class="training" d="${path}"/>
    ${validation.map(point)}
  </svg>
  <p class="legend"><span class="key training"></span> training <span class="key validation"></span> validation <span class="key unigram"></span> unigram model</p>`;
}
