/**
 * TF.js's WebGPU backend adds up the parts of a product with atomics, in the order in which its threads come, where a product
 * has a long inner axis and a small result, as gradients of weights have (MatMulSplitKProgram, chosen in its BatchMatMul_impl.js;
 * 4.22). The same call gave other bits each time. Such products take another of its programs here, whose sums have one order.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Of TF.js's `MatMulProgramType`, which its package does not export: the programs for small and for large results. */
const smallOutput = 2;
const packed = 3;

/** From this inner extent on TF.js splits products of one sample. */
const splitFrom = 2000;

const programFlag = 'WEBGPU_MATMUL_PROGRAM_TYPE';

/** Replaces the kernels of products on the backend `webgpu`; returns a function that takes that back. */
export function orderProducts(): () => void {
  const replaced = ['BatchMatMul', '_FusedMatMul'].map((kernelName): KernelConfig => {
    const config: KernelConfig = { ...tf.getKernel(kernelName, 'webgpu'), kernelName, backendName: 'webgpu' };
    tf.unregisterKernel(kernelName, 'webgpu');
    tf.registerKernel({ ...config, kernelFunc: inOrder(config.kernelFunc) });
    return config;
  });
  return () => {
    for (const config of replaced) {
      tf.unregisterKernel(config.kernelName, 'webgpu');
      tf.registerKernel(config);
    }
  };
}

function inOrder(product: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const inner = a.shape.at(call.attrs?.['transposeA'] ? -2 : -1)!;
    const [rows, columns] = [
      a.shape.at(call.attrs?.['transposeA'] ? -1 : -2)!,
      b.shape.at(call.attrs?.['transposeB'] ? -2 : -1)!,
    ];
    // Results of at most 128 elements are summed within one workgroup.
    if (inner < splitFrom || rows * columns <= 128 || tf.env().getNumber(programFlag) >= 0) return product(call);
    tf.env().set(programFlag, rows * columns < 2 ** 16 ? smallOutput : packed);
    try {
      return product(call);
    } finally {
      tf.env().set(programFlag, -1);
    }
  };
}
