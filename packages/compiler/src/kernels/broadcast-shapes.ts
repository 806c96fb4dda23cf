import { GmlpError } from '@gmlp/base';

/** The shape of an element-wise operation on two shapes, by NumPy's rule. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new GmlpError('shape-mismatch', `trace: shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    }
    return left === 1 ? right : left;
  });
}
