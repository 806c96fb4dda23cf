/** The figures of `bench step`, for programs and for people. */
import { availableParallelism, cpus } from 'node:os';
import { median, round } from './numbers.ts';
import { describeTask, productOperations, type Sizes } from './task.ts';

export type Side = 'gmlp' | 'tfjsWasm' | 'gmlpOnWasm' | 'pytorch';

/** Milliseconds, one entry a measured turn; `update` is the optimiser's part of a step, `product` one product of matrices alone. */
export interface SideTimes {
  readonly step: number[];
  readonly forward: number[];
  readonly product: number[];
  readonly update: number[];
}

export interface StepReport {
  readonly task: Sizes;
  readonly traceBlocks: number;
  readonly times: ReadonlyMap<Side, SideTimes>;
  /** Megabytes (10^6 bytes). */
  readonly peaks: ReadonlyMap<Side, number>;
  readonly traces: readonly number[];
}

export interface Comparison {
  readonly gmlp: number;
  readonly tfjsWasm: number;
  readonly gmlpOnWasm: number;
  readonly pytorch: number | null;
  /** Their time over ours. */
  readonly overTfjsWasm: number;
  readonly overPytorch: number | null;
}

export interface StepFigures {
  readonly model: string;
  readonly traceBlocks: number;
  readonly step: Comparison;
  readonly forward: Comparison;
  /** GFLOP/s of one product of matrices alone, the first of each block, in the same rounds: a side's times are read beside its own. */
  readonly product: Readonly<Record<Side, number | null>>;
  readonly peakMb: { readonly gmlp: number; readonly pytorch: number | null };
  readonly optimiserShare: number;
  readonly traceMs: number;
}

function compare({ times }: StepReport, what: 'step' | 'forward'): Comparison {
  const of = (side: Side): number => median(times.get(side)![what]);
  const gmlp = of('gmlp');
  const pytorch = times.has('pytorch') ? of('pytorch') : null;
  return {
    gmlp: round(gmlp, 1),
    tfjsWasm: round(of('tfjsWasm'), 1),
    gmlpOnWasm: round(of('gmlpOnWasm'), 1),
    pytorch: pytorch === null ? null : round(pytorch, 1),
    overTfjsWasm: round(of('tfjsWasm') / gmlp, 2),
    overPytorch: pytorch === null ? null : round(pytorch / gmlp, 2),
  };
}

export function stepFigures(report: StepReport): StepFigures {
  const ours = report.times.get('gmlp')!;
  const pytorchPeak = report.peaks.get('pytorch');
  const rate = (side: Side): number | null => {
    const times = report.times.get(side)?.product;
    return times === undefined ? null : Number((productOperations(report.task) / median(times) / 1e6).toPrecision(3));
  };
  return {
    model: describeTask(report.task),
    traceBlocks: report.traceBlocks,
    step: compare(report, 'step'),
    forward: compare(report, 'forward'),
    product: { gmlp: rate('gmlp'), tfjsWasm: rate('tfjsWasm'), gmlpOnWasm: rate('gmlpOnWasm'), pytorch: rate('pytorch') },
    peakMb: {
      gmlp: round(report.peaks.get('gmlp')!, 0),
      pytorch: pytorchPeak === undefined ? null : round(pytorchPeak, 0),
    },
    optimiserShare: round(median(ours.update) / median(ours.step), 4),
    traceMs: round(median(report.traces), 0),
  };
}

const names: readonly (readonly [Side, string])[] = [
  ['gmlp', 'gmlp on ort-cpu'],
  ['pytorch', 'PyTorch eager, 2 threads'],
  ['gmlpOnWasm', 'gmlp on tfjs-wasm'],
  ['tfjsWasm', 'plain TensorFlow.js wasm'],
];

export function stepTable({ model, traceBlocks, step, forward, product, peakMb, optimiserShare, traceMs }: StepFigures): string {
  const ms = (value: number | null): string => (value === null ? '' : value.toFixed(value < 1000 ? 1 : 0));
  const times = (value: number | null, ours: number): string => (value === null ? '' : `${(value / ours).toFixed(2)}x`);
  const peak = (side: Side): string => {
    const value = side === 'gmlp' || side === 'pytorch' ? peakMb[side] : null;
    return value === null ? '' : String(value);
  };
  const rows = names
    .filter(([side]) => step[side] !== null)
    .map(([side, name]) => [
      name,
      ms(step[side]),
      times(step[side], step.gmlp),
      ms(forward[side]),
      times(forward[side], forward.gmlp),
      String(product[side]),
      peak(side),
    ]);
  const header = ['side', 'step ms', 'over gmlp', 'forward ms', 'over gmlp', 'product GFLOP/s', 'peak MB'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  return [
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
    `${model}; medians; a product of matrices alone, in the same rounds, beside each side's times`,
    '',
    line(header),
    ...rows.map(line),
    '',
    `optimiser: ${(100 * optimiserShare).toFixed(1)} % of a step of gmlp on ort-cpu`,
    `trace and session of the loss and gradients of ${traceBlocks} such blocks: ${traceMs} ms`,
  ].join('\n');
}
