/** Kernels that run as loops over typed arrays, in place where their inputs were donated. */
import type { Attributes } from '@gmlp/compiler';
import { adamwInPlace } from '@gmlp/ops';

export interface HostKernel {
  /** The inputs that the kernel writes its outputs into, in the order of the outputs. */
  readonly overwrites: readonly string[];
  run(inputs: Readonly<Record<string, Float32Array>>, attrs: Attributes): void;
}

export const hostKernels: Readonly<Record<string, HostKernel>> = {
  GmlpAdamW: {
    overwrites: ['parameter', 'mean', 'variance'],
    run: ({ parameter, gradient, mean, variance, clock }, attrs) =>
      adamwInPlace(
        parameter!,
        gradient!,
        mean!,
        variance!,
        clock![0]!,
        clock![1]!,
        attrs as unknown as Parameters<typeof adamwInPlace>[6],
      ),
  },
};
