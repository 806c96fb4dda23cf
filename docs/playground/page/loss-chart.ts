/** The loss by step as a line that grows: nats on a linear axis, whole nats marked. */
import { h, type VNode } from 'vue';

const [width, height] = [640, 260];
const margin = { left: 34, right: 12, top: 10, bottom: 28 };
/** More points than pixels would not be seen. */
const mostPoints = 600;

export function lossChart(losses: readonly (readonly [number, number])[], steps: number): VNode {
  const values = losses.map(([, loss]) => loss);
  const low = Math.floor(values.reduce((min, value) => Math.min(min, value), 8));
  const high = Math.ceil(values.reduce((max, value) => Math.max(max, value), low + 1));
  const x = (step: number): number => margin.left + (step / Math.max(steps, 1)) * (width - margin.left - margin.right);
  const y = (loss: number): number => margin.top + ((high - loss) / (high - low)) * (height - margin.top - margin.bottom);
  const every = Math.ceil(losses.length / mostPoints);
  const shown = losses.filter((_, index) => index % every === 0 || index === losses.length - 1);
  const path = shown.map(([step, loss], i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`).join('');
  const nats = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const last = losses.at(-1);
  const label = last
    ? `Loss by step: ${values[0]!.toFixed(2)} at first, ${last[1].toFixed(2)} at step ${last[0]}`
    : 'No loss yet';
  return h('svg', { class: 'pg-chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label }, [
    ...nats.flatMap((nat) => [
      h('line', { class: 'pg-grid', x1: margin.left, x2: width - margin.right, y1: y(nat), y2: y(nat) }),
      h('text', { class: 'pg-tick', x: margin.left - 8, y: y(nat) + 4, 'text-anchor': 'end' }, String(nat)),
    ]),
    h('text', { class: 'pg-tick', x: margin.left, y: height - 8 }, 'step 0'),
    h('text', { class: 'pg-tick', x: width - margin.right, y: height - 8, 'text-anchor': 'end' }, String(steps)),
    h('path', { class: 'pg-line', d: path }),
  ]);
}
