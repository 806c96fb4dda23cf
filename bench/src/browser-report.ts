/** The figures of `bench browser`, for programs and for people. */
import { median, round } from './numbers.ts';

export type BrowserSide = 'ortWasm' | 'tfjsWasm' | 'ortCpu';

/** Milliseconds of training steps, one entry a measured turn. */
export type BrowserTimes = Readonly<Record<BrowserSide, readonly number[]>>;

/** Milliseconds of one product of matrices alone, the first of each block, and its floating-point operations. */
export interface ProductTimes {
  readonly operations: number;
  readonly ortWasm: readonly number[];
  readonly ortCpu: readonly number[];
}

export interface BrowserFigures {
  readonly model: string;
  readonly threads: number;
  /** Medians, milliseconds of a training step. */
  readonly step: Readonly<Record<BrowserSide, number>>;
  /** The time of plain TensorFlow.js in the same browser over ours. */
  readonly overTfjsWasm: number;
  /** Our time in the browser over ours in Node. */
  readonly overOrtCpu: number;
  /** GFLOP/s of a product of matrices alone: what a step can't be faster than. `overOrtCpu` is Node's over the browser's. */
  readonly product: { readonly ortWasm: number; readonly ortCpu: number; readonly overOrtCpu: number };
}

export function browserFigures(model: string, times: BrowserTimes, product: ProductTimes, threads: number): BrowserFigures {
  const gflops = (side: 'ortWasm' | 'ortCpu'): number => product.operations / median(product[side]) / 1e6;
  const [ortWasm, tfjsWasm, ortCpu] = [median(times.ortWasm), median(times.tfjsWasm), median(times.ortCpu)];
  return {
    model,
    threads,
    step: { ortWasm: round(ortWasm, 1), tfjsWasm: round(tfjsWasm, 1), ortCpu: round(ortCpu, 1) },
    overTfjsWasm: round(tfjsWasm / ortWasm, 2),
    overOrtCpu: round(ortWasm / ortCpu, 2),
    product: {
      ortWasm: round(gflops('ortWasm'), 1),
      ortCpu: round(gflops('ortCpu'), 1),
      overOrtCpu: round(gflops('ortCpu') / gflops('ortWasm'), 2),
    },
  };
}

export function browserTable({ model, threads, step, overTfjsWasm, overOrtCpu, product }: BrowserFigures): string {
  const line = (name: string, ms: number) => `${name.padEnd(44)}${ms.toFixed(ms < 1000 ? 1 : 0).padStart(8)} ms`;
  return [
    `a training step of ${model}; medians; ${threads} threads in Chromium`,
    '',
    line('gmlp on ort-wasm, Chromium', step.ortWasm),
    line('plain TensorFlow.js wasm, Chromium', step.tfjsWasm),
    line('gmlp on ort-cpu, Node', step.ortCpu),
    '',
    `ort-wasm is ${overTfjsWasm.toFixed(1)}x as fast as plain TensorFlow.js, and takes ${overOrtCpu.toFixed(2)}x the time of ort-cpu in Node`,
    `a product of matrices alone: ${product.ortWasm} GFLOP/s on ort-wasm, ${product.ortCpu} on ort-cpu, ${product.overOrtCpu.toFixed(2)}x`,
  ].join('\n');
}
