/** Pairs as batches of one shape, and the smoothed loss of a Transformer on them (Vaswani and others, 2017, section 5.4). */
import { type HostArray, hostArray, type Key, type MapLeaves } from '@gmlp/base';
import type { TransformerModel, TransformerParameters } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { ignoredLabel, shuffledBatches, specialId, type Tokenizer } from '@gmlp/text';
import type { LossFunction } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Pair } from './pairs.ts';

export type Parameters = TransformerParameters;
export type HostParameters = MapLeaves<Parameters, Tensor, HostArray>;

/** All int32 [batch, tokens]; labels are the target one place further. */
export type Batch = { readonly source: Tensor; readonly target: Tensor; readonly labels: Tensor };
export type HostBatch = MapLeaves<Batch, Tensor, HostArray>;

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
export function filledUp(rows: readonly (readonly number[])[], tokens: number, filling: number): HostArray<'int32'> {
  const data = new Int32Array(rows.length * tokens).fill(filling);
  for (const [row, ids] of rows.entries()) data.set(ids, row * tokens);
  return hostArray('int32', [rows.length, tokens], data);
}

export function batchOf(pairs: readonly Pair[], tokens: number, { padding, begin, end }: SpecialIds): HostBatch {
  return {
    source: filledUp(
      pairs.map(({ source }) => source),
      tokens,
      padding,
    ),
    target: filledUp(
      pairs.map(({ target }) => [begin, ...target]),
      tokens,
      padding,
    ),
    labels: filledUp(
      pairs.map(({ target }) => [...target, end]),
      tokens,
      ignoredLabel,
    ),
  };
}

/** Endless, each epoch in an order of its own. */
export function* trainingBatches(
  pairs: readonly Pair[],
  { size, tokens, key }: { readonly size: number; readonly tokens: number; readonly key: Key },
  ids: SpecialIds,
): Generator<HostBatch> {
  for (const { indices } of shuffledBatches(pairs.length, size, key)) {
    yield batchOf(
      Array.from(indices, (index) => pairs[index]!),
      tokens,
      ids,
    );
  }
}

export function restoreLoss(model: TransformerModel, labelSmoothing: number): LossFunction<Parameters, Batch> {
  return (params, { labels, ...pair }, context) =>
    softmaxCrossEntropy(model.apply(params, pair, context), labels, { labelSmoothing });
}
