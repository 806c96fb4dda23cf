/** Pairs as rows of a packed file, and rows as batches of one shape. */
import { type HostArray, hostArray } from '@gmlp/base';
import type { Host } from '@gmlp/devices';
import { ignoredLabel, specialId, type Tokenizer } from '@gmlp/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Pair } from './pairs.ts';

/** All int32 [batch, tokens]; labels are the target one place further. */
export type PairBatch = { readonly source: Tensor; readonly target: Tensor; readonly labels: Tensor };

export interface SpecialIds {
  readonly padding: number;
  readonly begin: number;
  readonly end: number;
}

export function specialIds(tokenizer: Tokenizer): SpecialIds {
  return {
    padding: specialId(tokenizer, '[PAD]'),
    begin: specialId(tokenizer, '[CLS]'),
    end: specialId(tokenizer, '[SEP]'),
  };
}

/** Rows of ids, each filled up to `tokens`. */
export function filledUp(rows: readonly ArrayLike<number>[], tokens: number, filling: number): HostArray<'int32'> {
  const data = new Int32Array(rows.length * tokens).fill(filling);
  for (const [row, ids] of rows.entries()) data.set(ids, row * tokens);
  return hostArray('int32', [rows.length, tokens], data);
}

/** Source and target side by side, each filled up to `tokens`; the target begins with a token of its own. */
export function rowOf({ source, target }: Pick<Pair, 'source' | 'target'>, tokens: number, ids: SpecialIds): Int32Array {
  const row = new Int32Array(2 * tokens).fill(ids.padding);
  row.set(source);
  row.set([ids.begin, ...target], tokens);
  return row;
}

/** The inverse: both sides without what fills them up or begins them. */
export function sidesOf(row: Int32Array, { padding }: SpecialIds): Pick<Pair, 'source' | 'target'> {
  const tokens = row.length / 2;
  const side = (from: number, to: number): number[] => Array.from(row.subarray(from, to)).filter((id) => id !== padding);
  return { source: side(0, tokens), target: side(tokens + 1, 2 * tokens) };
}

/** Rows int32 [batch, 2 tokens] as `rowOf` makes them. */
export function batchOf(rows: readonly Int32Array[], ids: SpecialIds): Host<PairBatch> {
  const tokens = rows[0]!.length / 2;
  const half = (row: Int32Array, from: number): Int32Array => row.subarray(from, from + tokens);
  return {
    source: filledUp(
      rows.map((row) => half(row, 0)),
      tokens,
      ids.padding,
    ),
    target: filledUp(
      rows.map((row) => half(row, tokens)),
      tokens,
      ids.padding,
    ),
    labels: filledUp(
      rows.map((row) => [...sidesOf(row, ids).target, ids.end]),
      tokens,
      ignoredLabel,
    ),
  };
}
