/** metrics.jsonl as series. Lines that are no records are counted and the first is named: a killed run may end in half a line. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { figureFromJson, GmlpError } from '@gmlp/base';

type Points = [step: number, value: number][];

export interface RunMetrics {
  readonly loss: Points;
  readonly learningRate: Points;
  readonly tokensPerSecond: Points;
  readonly valLoss: Points;
  readonly emaValLoss: Points;
  /** Seconds by what they were spent on. */
  readonly split: Record<'data' | 'compute' | 'update' | 'save', number>;
  readonly broken: { count: number; first?: number };
}

/** A line longer than this is no record of ours. */
const longestLine = 1e6;

export async function readMetrics(path: string): Promise<RunMetrics> {
  const metrics: RunMetrics = {
    loss: [],
    learningRate: [],
    tokensPerSecond: [],
    valLoss: [],
    emaValLoss: [],
    split: { data: 0, compute: 0, update: 0, save: 0 },
    broken: { count: 0 },
  };
  let number = 0;
  try {
    const stream = createReadStream(path, { encoding: 'utf8' });
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() === '' || (line.length < longestLine && take(line, metrics))) continue;
      metrics.broken.first ??= number;
      metrics.broken.count++;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return metrics;
    throw new GmlpError('io', `readMetrics: ${path}: ${(cause as Error).message}`, { path }, { cause });
  }
  return metrics;
}

const series = ['loss', 'learningRate', 'tokensPerSecond', 'valLoss', 'emaValLoss'] as const;

/** Returns whether the line was a record. */
function take(line: string, metrics: RunMetrics): boolean {
  let record: Readonly<Record<string, unknown>>;
  try {
    record = JSON.parse(line) as typeof record;
  } catch {
    return false;
  }
  if (typeof record !== 'object' || record === null) return false;
  const { step, split } = record;
  if (typeof step !== 'number') return 'valPerplexity' in record; // the quickstart's last line sums up
  for (const name of series) {
    const value = figureFromJson(record[name]);
    if (value !== undefined) metrics[name].push([step, value]);
  }
  for (const part of Object.keys(metrics.split) as (keyof RunMetrics['split'])[]) {
    const seconds = (split as Readonly<Record<string, unknown>> | undefined)?.[part];
    if (typeof seconds === 'number' && Number.isFinite(seconds)) metrics.split[part] += seconds;
  }
  return true;
}
