/**
 * Which elements dropout keeps: a mask of ones and zeros that depends on the key and the shape alone.
 *
 * The shape is seen as [rows, columns], rows all leading axes together. Two vectors of words are drawn from the key; an
 * element is kept when the hash of their sum is below the threshold, all in 32-bit unsigned arithmetic:
 *
 *   h[r, c] = a[r] + b[c],   twice: h = h (2 h + 1),   keep = h < keepProbability 2^32
 *
 * Only additions and multiplications, so that a graph on a CPU, WebGPU and this loop give the same bits. h (2h + 1) is the
 * permutation of RC6 (Rivest and others, 1998): the words stay uniform, and the high bits, which decide, depend on all.
 */
import { GmlpError, type Key, randomWords, sizeOf, split } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedKernel } from './fused-kernel.ts';

/** How many times h becomes h (2 h + 1). */
export const keepMaskRounds = 2;

/** The words that the hash starts from, and what it is compared with: for whoever computes the mask elsewhere. */
export interface KeepMaskWords {
  readonly rows: Uint32Array;
  readonly columns: Uint32Array;
  /** Kept when the hash is below it. */
  readonly threshold: number;
}

/** Which words a mask is drawn from: how many of which key for its rows, and for its columns. */
export interface KeepMaskDraws {
  readonly rows: { readonly key: Key; readonly count: number };
  readonly columns: { readonly key: Key; readonly count: number };
}

export function keepMaskDraws(key: Key, shape: readonly number[]): KeepMaskDraws {
  const columns = shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : sizeOf(shape) / columns;
  return { rows: { key: split(key, 'rows'), count: rows }, columns: { key: split(key, 'columns'), count: columns } };
}

export function keepMaskWords(key: Key, shape: readonly number[], keepProbability: number): KeepMaskWords {
  const { rows, columns } = keepMaskDraws(key, shape);
  return {
    rows: randomWords(rows.key, rows.count),
    columns: randomWords(columns.key, columns.count),
    threshold: Math.min(Math.round(keepProbability * 2 ** 32), 2 ** 32 - 1),
  };
}

/** The mask in the host's memory, row-major: 1 with probability `keepProbability`, else 0. */
export function keepMask(key: Key, shape: readonly number[], keepProbability: number): Float32Array {
  const { rows, columns, threshold } = keepMaskWords(key, shape, keepProbability);
  const mask = new Float32Array(rows.length * columns.length);
  const signedThreshold = (threshold ^ 0x80000000) | 0; // unsigned order as a comparison of signed integers, which is quicker
  let index = 0;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]! | 0;
    for (let c = 0; c < columns.length; c++) {
      let h = (row + columns[c]!) | 0;
      h = Math.imul(h, (h << 1) | 1);
      h = Math.imul(h, (h << 1) | 1);
      mask[index++] = (h ^ 0x80000000) < signedThreshold ? 1 : 0;
    }
  }
  return mask;
}

/** The mask as a tensor of the active backend. `op` is named when the key has no value and the backend cannot wait for it. */
export function keepMaskTensor(key: Key, shape: readonly number[], keepProbability: number, op: string): Tensor {
  const fused = fusedKernel('GmlpKeepMask', {}, { key, shape: [...shape], keepProbability });
  if (fused) return fused[0]!;
  if (key.state.kind === 'traced') {
    throw new GmlpError(
      'invalid-argument',
      `${op}: expected a key with a value on the backend ${tf.getBackend()}, got a traced key; keys of a traced function work only inside it`,
      { op },
    );
  }
  return tf.tensor(keepMask(key, shape, keepProbability), [...shape]);
}
