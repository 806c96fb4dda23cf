/** Every kernel that the compiler can trace and lower, by its TF.js name. */
import type { KernelRules } from './kernel-rule.ts';
import { elementwise } from './kernels/elementwise.ts';
import { fused } from './kernels/fused.ts';
import { hostKernels } from './kernels/host.ts';
import { indexing } from './kernels/indexing.ts';
import { keepMask } from './kernels/keep-mask.ts';
import { labels } from './kernels/labels.ts';
import { products } from './kernels/products.ts';
import { reductions } from './kernels/reductions.ts';
import { shapes } from './kernels/shapes.ts';

export const kernelRules: KernelRules = {
  ...elementwise,
  ...shapes,
  ...products,
  ...reductions,
  ...indexing,
  ...fused,
  ...labels,
  ...keepMask,
  ...hostKernels,
};

export const kernelNames: readonly string[] = Object.keys(kernelRules);
