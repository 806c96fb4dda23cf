import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Throws `shape-mismatch` unless `holds`. The message names the op, what it takes and every shape that came. */
export function expectShape(holds: boolean, op: string, expected: string, given: Readonly<Record<string, Tensor>>): void {
  if (holds) return;
  const shapes = Object.fromEntries(Object.entries(given).map(([name, tensor]) => [name, tensor.shape]));
  const got = Object.entries(given).map(([name, { dtype, shape }]) => `${name} ${dtype} ${shapeText(shape)}`);
  throw new GmlpError('shape-mismatch', `${op}: expected ${expected}, got ${got.join(', ')}`, { op, ...shapes });
}

/** Throws `invalid-argument` unless `holds`. */
export function expectArgument(holds: boolean, op: string, expected: string, given: Readonly<Record<string, unknown>>): void {
  if (holds) return;
  const got = Object.entries(given).map(([name, value]) => `${name} ${String(value)}`);
  throw new GmlpError('invalid-argument', `${op}: expected ${expected}, got ${got.join(', ')}`, { op, ...given });
}
