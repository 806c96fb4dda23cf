/** metrics.jsonl as series. Lines that are no records are counted and the first is named: a killed run may end in half a line. */
import { figureFromJson } from '@gmlp/base';
import { type BrokenLines, type MetricsLine, metricsLines } from '../run/metrics-lines.ts';

type Points = [step: number, value: number][];

export interface RunMetrics {
  readonly loss: Points;
  readonly learningRate: Points;
  readonly tokensPerSecond: Points;
  readonly valLoss: Points;
  readonly emaValLoss: Points;
  /** Seconds by what they were spent on. */
  readonly split: Record<'data' | 'compute' | 'update' | 'save', number>;
  readonly broken: BrokenLines;
}

export async function readMetrics(path: string): Promise<RunMetrics> {
  const series: Omit<RunMetrics, 'broken'> = {
    loss: [],
    learningRate: [],
    tokensPerSecond: [],
    valLoss: [],
    emaValLoss: [],
    split: { data: 0, compute: 0, update: 0, save: 0 },
  };
  let [count, first] = [0, undefined as number | undefined];
  for await (const line of metricsLines(path)) {
    if (take(line, series)) continue;
    first ??= line.number;
    count++;
  }
  return { ...series, broken: { count, ...(first !== undefined && { first }) } };
}

const names = ['loss', 'learningRate', 'tokensPerSecond', 'valLoss', 'emaValLoss'] as const;

/** Returns whether the line was a record. */
function take({ record }: MetricsLine, metrics: Omit<RunMetrics, 'broken'>): boolean {
  if (record === undefined) return false;
  const { step, split } = record;
  if (typeof step !== 'number') return 'seconds' in record; // the last line sums up
  for (const name of names) {
    const value = figureFromJson(record[name]);
    if (value !== undefined) metrics[name].push([step, value]);
  }
  for (const part of Object.keys(metrics.split) as (keyof RunMetrics['split'])[]) {
    const seconds = (split as Readonly<Record<string, unknown>> | undefined)?.[part];
    if (typeof seconds === 'number' && Number.isFinite(seconds)) metrics.split[part] += seconds;
  }
  return true;
}
