/** Rows of texts as batches, of which number b has the same content in every run, and all of them once, to measure on. */
import { hostArray, type Key } from '@gmlp/base';
import type { Host } from '@gmlp/devices';
import { batchPosition, ignoredLabel, shuffledBatches } from '@gmlp/text';
import type { HostBatch } from '@gmlp/training';
import type { ClassificationInput } from './classification-inputs.ts';
import type { ClassifiedTexts } from './classification-objective.ts';
import type { TextRow, TextRows } from './text-rows.ts';

export type TextHostBatch = HostBatch<ClassifiedTexts, undefined>;

export interface TextBatchShape {
  readonly tokens: number;
  readonly inputs: readonly ClassificationInput[];
  /** The id that fills rows up. */
  readonly padding: number;
}

export interface RowInputs {
  readonly ids: Int32Array;
  readonly segments: Int32Array;
  readonly mask: Int32Array;
}

/** Each `[rows, tokens]`, one row after the other; rows that are not there are padding. */
export function rowInputs(
  rows: readonly Pick<TextRow, 'ids' | 'firstLength'>[],
  count: number,
  { tokens, padding }: Omit<TextBatchShape, 'inputs'>,
) {
  const ids = new Int32Array(count * tokens).fill(padding);
  const [segments, mask] = [new Int32Array(count * tokens), new Int32Array(count * tokens)];
  for (const [at, row] of rows.entries()) {
    ids.set(row.ids, at * tokens);
    segments.fill(1, at * tokens + row.firstLength, at * tokens + row.ids.length);
    mask.fill(1, at * tokens, at * tokens + row.ids.length);
  }
  // No attention without anything to attend to: what is not there is no text, and its scores are not looked at.
  for (let at = rows.length; at < count; at++) mask[at * tokens] = 1;
  return { ids, segments, mask } satisfies RowInputs;
}

/** A batch of `count` rows, of which those that are not there have no label. */
function batchOf(rows: readonly TextRow[], count: number, shape: TextBatchShape): TextHostBatch {
  const inputs = rowInputs(rows, count, shape);
  const size = [count, shape.tokens];
  const labels = new Int32Array(count).fill(ignoredLabel);
  for (const [at, row] of rows.entries()) labels[at] = row.class;
  const tensors = {
    ...Object.fromEntries(shape.inputs.map((name) => [name, hostArray('int32', size, inputs[name])])),
    labels: hostArray('int32', [count], labels),
  };
  return { tensors: tensors as unknown as Host<ClassifiedTexts>, units: rows.length, about: undefined };
}

/** Endless, from batch `first` on. */
export async function* textTrainingBatches(
  rows: TextRows,
  batchSize: number,
  key: Key,
  first: number,
  shape: TextBatchShape,
): AsyncGenerator<TextHostBatch> {
  const from = batchPosition(first, rows.count, batchSize);
  for (const { indices } of shuffledBatches(rows.count, batchSize, key, { from })) {
    yield batchOf(
      Array.from(indices, (index) => rows.row(index)),
      batchSize,
      shape,
    );
  }
}

/** Texts of an evaluation at a time. */
const measuredAtOnce = 64;

export const evaluationBatchCount = ({ count }: Pick<TextRows, 'count'>): number => Math.ceil(count / measuredAtOnce);

/** All once, in their order; the last batch is filled up with what is not measured. */
export async function* textEvaluationBatches(rows: TextRows, shape: TextBatchShape): AsyncGenerator<TextHostBatch> {
  const size = Math.min(measuredAtOnce, rows.count);
  for (let first = 0; first < rows.count; first += size) {
    const there = Math.min(size, rows.count - first);
    yield batchOf(
      Array.from({ length: there }, (_, at) => rows.row(first + at)),
      size,
      shape,
    );
  }
}
