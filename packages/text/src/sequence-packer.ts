/**
 * Documents -> sequences of one length, as RoBERTa packs them (FULL-SENTENCES): every sequence is [CLS] and then n - 1
 * tokens of one endless stream in which each document is followed by [SEP]. A sequence may hold the end of one document and
 * the start of the next; no position is wasted on padding, and tokens that do not fill the last sequence are dropped.
 * https://arxiv.org/abs/1907.11692
 */
import { GmlpError } from '@gmlp/base';
import { specialId, type Tokenizer } from './tokenizer.ts';

export interface SequencePacker {
  /** The sequences that a document fills, each an array of its own; a document without ids fills none. */
  add(ids: Int32Array): Generator<Int32Array, void, undefined>;
}

export function sequencePacker(tokenizer: Tokenizer, sequenceLength: number): SequencePacker {
  if (!Number.isInteger(sequenceLength) || sequenceLength < 2) {
    throw new GmlpError(
      'invalid-argument',
      `packDocuments: expected sequenceLength to be a whole number from 2, got ${sequenceLength}`,
    );
  }
  const start = specialId(tokenizer, '[CLS]');
  const separator = specialId(tokenizer, '[SEP]');
  let sequence = new Int32Array(sequenceLength);
  let filled = 0;
  return {
    *add(ids) {
      if (ids.length === 0) return;
      for (let from = 0; from <= ids.length; ) {
        if (filled === 0) sequence[filled++] = start;
        if (from === ids.length) {
          sequence[filled++] = separator;
          from++;
        } else {
          const taken = ids.subarray(from, from + sequenceLength - filled);
          sequence.set(taken, filled);
          filled += taken.length;
          from += taken.length;
        }
        if (filled === sequenceLength) {
          yield sequence;
          sequence = new Int32Array(sequenceLength);
          filled = 0;
        }
      }
    },
  };
}
