/** Matrix products. */
import { sizeOf } from '@gmlp/base';
import type { Attributes } from '../graph.ts';
import type { Inputs, KernelRule, KernelRules, Lowering } from '../kernel-rule.ts';
import { broadcastShapes } from './broadcast-shapes.ts';
import { lowerRowProduct } from './row-product.ts';

function inferProduct({ a, b }: Inputs, { transposeA, transposeB }: Attributes): [{ shape: number[]; dtype: 'float32' }] {
  const batch = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const rows = a!.shape.at(transposeA ? -1 : -2)!;
  const columns = b!.shape.at(transposeB ? -2 : -1)!;
  return [{ shape: [...batch, rows, columns], dtype: 'float32' }];
}

function multiplyAdds(inputs: Inputs, attrs: Attributes): number {
  const inner = inputs['a']!.shape.at(attrs['transposeA'] ? -2 : -1)!;
  return sizeOf(inferProduct(inputs, attrs)[0].shape) * inner;
}

/**
 * Two-dimensional products are one Gemm, which transposes the second operand for free and adds its third operand for free. Others are MatMul.
 * Where it transposes, ONNX Runtime's CPU provider has FusedMatMul; elsewhere a transposition stands before the product.
 */
function lowerProduct(l: Lowering, addend: string | undefined): void {
  const transA = l.attrs['transposeA'] ? 1 : 0;
  const transB = l.attrs['transposeB'] ? 1 : 0;
  const [a, b] = [l.input('a'), l.input('b')];
  if (l.value('a').shape.length === 2 && l.value('b').shape.length === 2) {
    const [rows, columns] = l.value('b').shape as [number, number];
    if (l.outputValues[0]!.shape[0] === 1 && !transA && !transB && addend === undefined) {
      lowerRowProduct(l, a, b, rows, columns, l.output());
      return;
    }
    l.emit('Gemm', addend === undefined ? [a, b] : [a, b, addend], [l.output()], { transA, transB });
    return;
  }
  if (l.target.provider === 'cpu' && addend === undefined && (transA || transB)) {
    l.emit('FusedMatMul', [a, b], [l.output()], { transA, transB }, 'com.microsoft');
    return;
  }
  const transposed = (name: 'a' | 'b'): string => {
    const rank = l.value(name).shape.length;
    const perm = Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
    return l.add('Transpose', [l.input(name)], { perm });
  };
  const product = [transA ? transposed('a') : a, transB ? transposed('b') : b];
  if (addend === undefined) l.emit('MatMul', product, [l.output()]);
  else l.emit('Add', [l.add('MatMul', product), addend], [l.output()]);
}

const product: KernelRule = {
  infer: inferProduct,
  multiplyAdds,
  lower: (l) => lowerProduct(l, l.has('bias') ? l.input('bias') : undefined),
};

export const products: KernelRules = {
  BatchMatMul: product,
  // TF.js's fused product; activations other than none are not used by our ops.
  _FusedMatMul: {
    ...product,
    lower: (l) => {
      const { activation } = l.attrs;
      if (activation !== undefined && activation !== null && activation !== 'linear') {
        throw new Error(`_FusedMatMul with activation ${String(activation)}`);
      }
      product.lower(l);
    },
  },
};
