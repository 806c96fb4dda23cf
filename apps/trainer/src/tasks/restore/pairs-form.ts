/** Documents as pairs of passages: what is packed, and batches of it. */
import { key, split } from '@gmlp/base';
import { batchPosition, shuffledBatches, type Tokenizer } from '@gmlp/text';
import type { Figures, HostBatch } from '@gmlp/training';
import { evenlySpread } from '../../evenly-spread.ts';
import type { Rows, TextForm } from '../text/text-form.ts';
import { markCase } from './case-marks.ts';
import { batchOf, type PairBatch, rowOf, sidesOf, specialIds } from './pair-batch.ts';
import { asSentence, bareText, pairsOf, restoredWords, wordsOf } from './pairs.ts';
import { wordAccuracy } from './word-accuracy.ts';

/** What a passage is restored from, without what fills it up, and the words that it should become. */
export interface Passage {
  readonly source: readonly number[];
  readonly words: readonly string[];
}

/** The passages of a batch. */
export type Passages = readonly Passage[];

export interface PassagesData {
  /** How many held-out passages are restored, evenly spread. */
  readonly passages: number;
}

/** At most so many passages are restored at a time. */
export const passagesAtOnce = 128;

type PairRows = Rows<PassagesData>;
type PairHostBatch = HostBatch<PairBatch, Passages>;

async function batch({ packed, tokenizer }: PairRows, indices: ArrayLike<number>): Promise<PairHostBatch> {
  const ids = specialIds(tokenizer);
  const rows = await Promise.all(Array.from(indices, (index) => packed.sequence(index)));
  const about = rows.map((row) => passageOf(row, tokenizer));
  const tensors = batchOf(rows, ids);
  return { tensors, units: tensors.target.data.length, about };
}

function passageOf(row: Int32Array, tokenizer: Tokenizer): Passage {
  const { source, target } = sidesOf(row, specialIds(tokenizer));
  return { source, words: restoredWords(target, tokenizer) };
}

function measured({ packed: { count }, data: { passages = count } }: Pick<PairRows, 'packed' | 'data'>): readonly number[] {
  return evenlySpread(count, passages);
}

export const pairsForm: TextForm<PassagesData, PairBatch, Passages> = {
  name: 'pairs',
  rows: 'pairs',
  rowLength: (tokens) => 2 * tokens,
  // Both sides: what is restored, and what it is restored from.
  learnt(text) {
    const words = wordsOf(text);
    return [words.map(markCase).join(' '), bareText(words)];
  },
  async *pack(documents, tokenizer, rowLength) {
    const ids = specialIds(tokenizer);
    const tokens = rowLength / 2;
    for await (const { text } of documents) {
      for (const pair of pairsOf(text, tokenizer, tokens - 1)) yield rowOf(pair, tokens, ids);
    }
  },
  expectTokenizer: (tokenizer) => void specialIds(tokenizer),
  async *training(rows, first) {
    const { packed, batchSize, seed } = rows;
    const order = split(key(seed), 'batches');
    const from = batchPosition(first, packed.count, batchSize);
    for (const { indices } of shuffledBatches(packed.count, batchSize, order, { from })) {
      // Nothing is measured on them: what the host would keep need not cross threads.
      yield { ...(await batch(rows, indices)), about: [] };
    }
  },
  async *validation(rows) {
    const indices = measured(rows);
    for (let first = 0; first < indices.length; first += passagesAtOnce) {
      yield batch(rows, indices.slice(first, first + passagesAtOnce));
    }
  },
  validationBatches: (rows) => Math.ceil(measured(rows).length / passagesAtOnce),
  async baseline(_, validation) {
    const passages = await Promise.all(
      measured(validation).map(async (index) => passageOf(await validation.packed.sequence(index), validation.tokenizer)),
    );
    return copyingFigures(passages.map(({ words }) => words));
  },
};

/** Of a model that gives back what it is given, as it is, or with a capital and a full stop. */
export function copyingFigures(references: readonly (readonly string[])[]): Figures {
  const accuracy = (given: (text: string) => string): number =>
    wordAccuracy(references.map((reference) => ({ reference, given: wordsOf(given(bareText(reference))) })));
  return { copying: accuracy((text) => text), copyingAsSentence: accuracy(asSentence) };
}
