/** Kernels that run as loops over typed arrays, in place where their inputs were donated. */

import { sizeOf } from '@gmlp/base';
import type { Attributes, Value } from '@gmlp/compiler';
import { type AdamWAttributes, adamwInPlace, addRows } from '@gmlp/ops';
import type { HostData } from './device-array.ts';

export interface HostKernel {
  /** The inputs whose arrays the kernel writes its outputs into. */
  readonly overwrites: readonly string[];
  /** Its outputs, in their order; `values` are their shapes. */
  run(inputs: Readonly<Record<string, HostData>>, attrs: Attributes, values: readonly Value[]): HostData[];
}

export const hostKernels: Readonly<Record<string, HostKernel>> = {
  GmlpAdamW: {
    overwrites: ['parameter', 'mean', 'variance'],
    run: (inputs, attrs) => {
      const { parameter, gradient, mean, variance, clock } = inputs as Record<string, Float32Array>;
      const [step, rate, scale] = clock as unknown as [number, number, number];
      adamwInPlace(parameter!, gradient!, mean!, variance!, { step, rate, scale }, attrs as unknown as AdamWAttributes);
      return [parameter!, mean!, variance!];
    },
  },
  GmlpScatterAdd: {
    overwrites: ['onto'],
    run: ({ indices, updates, onto }, _, [sum]) => {
      const { shape } = sum!;
      const sums = (onto as Float32Array | undefined) ?? new Float32Array(sizeOf(shape));
      addRows(sums, indices as Int32Array, updates as Float32Array, shape[1]!);
      return [sums];
    },
  },
};
