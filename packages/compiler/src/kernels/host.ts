/** Kernels that devices run on the host, between ONNX graphs: no ONNX node does them as well. */
import { GmlpError } from '@gmlp/base';
import type { KernelRule, KernelRules } from '../kernel-rule.ts';

const notInOnnx =
  (name: string): KernelRule['lower'] =>
  () => {
    throw new GmlpError(
      'unsupported-kernel',
      `toOnnx: ${name} runs on the host and has no ONNX form; export a function without it`,
    );
  };

export const hostKernels: KernelRules = {
  GmlpAdamW: {
    infer: ({ parameter, mean, variance }) => [parameter!, mean!, variance!],
    lower: notInOnnx('GmlpAdamW'),
  },
};

export function isHostKernel(name: string): boolean {
  return name in hostKernels;
}
