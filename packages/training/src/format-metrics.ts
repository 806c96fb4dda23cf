/** Metrics as people read them: `step 120/900  loss 5.123  perplexity 168  14,200 tokens/s  1 min 02 s left`. */
import { formatDuration, formatNumber } from '@gmlp/base';
import type { Transfers } from '@gmlp/devices';
import type { Metrics, Speed } from './train-steps.ts';

export interface MetricsOf {
  /** Steps in all. */
  readonly steps: number;
  /** What a batch holds: `tokens`. */
  readonly unit: string;
}

export function formatMetrics(metrics: Metrics, { steps, unit }: MetricsOf): string {
  return [
    `step ${formatNumber(metrics.step).padStart(formatNumber(steps).length)}/${formatNumber(steps)}`,
    `loss ${metrics.loss.toFixed(3)}`,
    ...Object.entries(metrics.figures).map(([name, value]) => `${name} ${formatNumber(value)}`),
    `${formatNumber(Math.round(metrics.unitsPerSecond))} ${unit}/s`,
    ...(metrics.speed ? [formatSpeed(metrics.speed)] : []),
    ...(metrics.waitingShare >= 0.05 ? [`${Math.round(100 * metrics.waitingShare)} % waiting for data`] : []),
    ...(metrics.moved ? [formatMoved(metrics.moved)] : []),
    `${formatDuration(metrics.timeLeft)} left`,
  ].join('  ');
}

/** `143 GFLOP/s (81 %)`, the share being that of the device's own rate in products of matrices. */
export function formatSpeed({ flops, productShare }: Speed): string {
  return `${formatNumber(Number((flops / 1e9).toPrecision(3)))} GFLOP/s (${Math.round(100 * productShare)} %)`;
}

/** What a step writes to a device with a memory of its own, and reads from it: `4.13 kB written, 8 B read a step`. */
export function formatMoved({ toDevice, toHost }: Transfers): string {
  return `${formatBytes(toDevice.bytes)} written, ${formatBytes(toHost.bytes)} read a step`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${size < 1000 ? Number(size.toPrecision(3)) : formatNumber(size)} ${unit}`;
}
