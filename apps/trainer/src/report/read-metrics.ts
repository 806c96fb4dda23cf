/** metrics.jsonl as series. Lines that are no records are counted and the first is named: a killed run may end in half a line. */
import { figureFromJson } from '@gmlp/base';
import { type BrokenLines, type MetricsLine, metricsLines } from '../run/metrics-lines.ts';

type Points = [step: number, value: number][];

export interface RunMetrics {
  /** The figures of the records by their names: `loss`, `learningRate`, `valPerplexity`. One that is no figure has no points. */
  readonly series: ReadonlyMap<string, Points>;
  /** Seconds by what they were spent on. */
  readonly split: Record<'data' | 'compute' | 'update' | 'save', number>;
  readonly broken: BrokenLines;
}

type Series = Omit<RunMetrics, 'broken' | 'series'> & { readonly series: Map<string, Points> };

export async function readMetrics(path: string): Promise<RunMetrics> {
  const metrics: Series = { series: new Map(), split: { data: 0, compute: 0, update: 0, save: 0 } };
  let [count, first] = [0, undefined as number | undefined];
  for await (const line of metricsLines(path)) {
    if (take(line, metrics)) continue;
    first ??= line.number;
    count++;
  }
  return { ...metrics, broken: { count, ...(first !== undefined && { first }) } };
}

/** The points of a figure, none where there are none. */
export const pointsOf = ({ series }: Pick<RunMetrics, 'series'>, name: string): readonly (readonly [number, number])[] =>
  series.get(name) ?? [];

type Point = readonly [step: number, value: number];

/** The first of the best. */
export function bestPoint(points: readonly Point[], better: 'lower' | 'higher'): Point | undefined {
  const isBetter = (a: number, b: number): boolean => (better === 'lower' ? a < b : a > b);
  return points.reduce<Point | undefined>(
    (best, point) => (best === undefined || isBetter(point[1], best[1]) ? point : best),
    undefined,
  );
}

/** A line may not make more series than any run has. */
const mostSeries = 64;

/** Returns whether the line was a record. */
function take({ record }: MetricsLine, { series, split }: Series): boolean {
  if (record === undefined) return false;
  const { step, split: spent, ...figures } = record;
  if (typeof step !== 'number') return 'seconds' in record; // the last line sums up
  for (const [name, written] of Object.entries(figures)) {
    const value = figureFromJson(written);
    if (value === undefined || (!series.has(name) && series.size === mostSeries)) continue;
    const points = series.get(name) ?? [];
    points.push([step, value]);
    series.set(name, points);
  }
  for (const part of Object.keys(split) as (keyof RunMetrics['split'])[]) {
    const seconds = (spent as Readonly<Record<string, unknown>> | undefined)?.[part];
    if (typeof seconds === 'number' && Number.isFinite(seconds)) split[part] += seconds;
  }
  return true;
}
