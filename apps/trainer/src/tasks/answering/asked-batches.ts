/** Rows of questions and texts as batches, of which number b has the same content in every run, and all of them once, to measure on. */
import { hostArray, type Key } from '@gmlp/base';
import type { Host } from '@gmlp/devices';
import { batchPosition, type EncodedText, ignoredLabel, shuffledBatches } from '@gmlp/text';
import type { HostBatch } from '@gmlp/training';
import { rowInputs, type TextBatchShape } from '../classification/text-batches.ts';
import type { AskedTexts, AskedWindow } from './answering-objective.ts';
import type { AskedRow, AskedRows } from './asked-rows.ts';

export type AskedHostBatch = HostBatch<AskedTexts, readonly AskedWindow[]>;

/** A batch of `count` rows, of which those that are not there have no label. */
function batchOf(rows: readonly AskedRow[], count: number, shape: TextBatchShape, about: readonly AskedWindow[]): AskedHostBatch {
  const inputs = rowInputs(rows, count, shape);
  const labels = new Int32Array(2 * count).fill(ignoredLabel);
  for (const [at, row] of rows.entries()) labels.set(row.labels, 2 * at);
  const tensors = {
    ...Object.fromEntries(shape.inputs.map((name) => [name, hostArray('int32', [count, shape.tokens], inputs[name])])),
    labels: hostArray('int32', [count, 2], labels),
  };
  return { tensors: tensors as unknown as Host<AskedTexts>, units: rows.length, about };
}

/** Endless, from batch `first` on. */
export async function* askedTrainingBatches(
  rows: AskedRows,
  batchSize: number,
  key: Key,
  first: number,
  shape: TextBatchShape,
): AsyncGenerator<AskedHostBatch> {
  const from = batchPosition(first, rows.count, batchSize);
  for (const { indices } of shuffledBatches(rows.count, batchSize, key, { from })) {
    const own = Array.from(indices, (index) => rows.row(index));
    yield batchOf(own, batchSize, shape, []);
  }
}

/** Tokens of an evaluation at a time. */
const measuredTokens = 8192;

const rowsAtOnce = ({ count }: Pick<AskedRows, 'count'>, { tokens }: Pick<TextBatchShape, 'tokens'>): number =>
  Math.min(count, Math.max(1, Math.floor(measuredTokens / tokens)));

export const askedBatchCount = (rows: Pick<AskedRows, 'count'>, shape: Pick<TextBatchShape, 'tokens'>): number =>
  Math.ceil(rows.count / rowsAtOnce(rows, shape));

/** All once, in their order; the last batch is filled up with what is not measured. */
export async function* askedEvaluationBatches(rows: AskedRows, shape: TextBatchShape): AsyncGenerator<AskedHostBatch> {
  const size = rowsAtOnce(rows, shape);
  for (let first = 0; first < rows.count; first += size) {
    const there = Math.min(size, rows.count - first);
    const own = Array.from({ length: there }, (_, at) => rows.row(first + at));
    yield batchOf(own, size, shape, aboutOf(own));
  }
}

/** With copies of the places, one for each text: the memory of a batch moves to another thread. */
function aboutOf(rows: readonly AskedRow[]): readonly AskedWindow[] {
  const copies = new Map<EncodedText, Pick<EncodedText, 'starts' | 'ends'>>();
  return rows.map(({ question: { id, golds, contextAt, contextText, windows, context }, window }) => {
    const copy = copies.get(context) ?? { starts: context.starts.slice(), ends: context.ends.slice() };
    copies.set(context, copy);
    return { id, golds, window, places: { context: contextText, ...copy, windows, contextAt } };
  });
}
