/** What a weight of another implementation needs to be in our layout, and back: both ways without rounding. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { permute } from './permute.ts';

export type Change =
  | 'none'
  /** PyTorch's linear weights are [outputs, inputs], ours [inputs, outputs]. */
  | 'transpose'
  /** Theirs begins with so many axes of one, which ours lacks. */
  | { readonly leadingOnes: number }
  /** Theirs is a convolution over patches, [outputs, inputs, p, p]; ours [p p inputs, outputs], a pixel's channels together. */
  | { readonly patch: number };

type Shape = readonly number[];

/** Our layout; throws when their shape is not of the kind that the change takes. */
export function toOurLayout(source: string, name: string, array: HostArray, change: Change): HostArray {
  const { shape } = array;
  const expect = (fits: boolean, expected: string): void => {
    if (fits) return;
    const message = `${source}: ${name} must have ${expected}, got shape [${shape.join(', ')}]`;
    throw new GmlpError('shape-mismatch', message, { name, shape });
  };
  if (change === 'none') return array;
  if (change === 'transpose') {
    expect(shape.length === 2, 'two axes');
    return permute(array, [1, 0]);
  }
  if ('leadingOnes' in change) {
    const { leadingOnes } = change;
    expect(
      shape.length >= leadingOnes && shape.slice(0, leadingOnes).every((extent) => extent === 1),
      leadingOnes === 1 ? 'a first axis of one' : `${leadingOnes} first axes of one`,
    );
    return reshaped(array, shape.slice(leadingOnes));
  }
  const { patch } = change;
  expect(shape.length === 4 && shape[2] === patch && shape[3] === patch, `shape [outputs, inputs, ${patch}, ${patch}]`);
  const [outputs, inputs] = shape as [number, number, number, number];
  return reshaped(permute(array, [2, 3, 1, 0]), [patch * patch * inputs, outputs]);
}

/** Their layout: the inverse of `toOurLayout`. */
export function toTheirLayout(array: HostArray, change: Change): HostArray {
  if (change === 'none') return array;
  if (change === 'transpose') return permute(array, [1, 0]);
  if ('leadingOnes' in change) return reshaped(array, toTheirShape(array.shape, change));
  const [outputs, inputs, patch] = toTheirShape(array.shape, change) as [number, number, number, number];
  return permute(reshaped(array, [patch, patch, inputs, outputs]), [3, 2, 0, 1]);
}

/** The shape that an array of ours has in their layout. */
export function toTheirShape(shape: Shape, change: Change): Shape {
  if (change === 'none') return shape;
  if (change === 'transpose') return [shape[1]!, shape[0]!];
  if ('leadingOnes' in change) return [...Array<number>(change.leadingOnes).fill(1), ...shape];
  const { patch } = change;
  return [shape[1]!, shape[0]! / patch ** 2, patch, patch];
}

function reshaped(array: HostArray, shape: Shape): HostArray {
  return hostArray(array.dtype, shape, array.data as never);
}
