/**
 * One text or a pair of texts as a row of ids, as BERT reads it (Devlin and others, 2019, figure 2):
 *
 *   [CLS] first [SEP]             segments 0
 *   [CLS] first [SEP] second [SEP]   0 up to the first [SEP], 1 behind it
 *
 * What is too long is cut: the longer of the two at its end, until both fit (BERT's `_truncate_seq_pair`).
 */
import { GmlpError } from '@gmlp/base';

/** The ids of the pieces that frame a text. */
export interface FrameIds {
  readonly begin: number;
  readonly end: number;
}

export interface FramedTexts {
  readonly ids: Int32Array;
  /** How many of `ids` are of the first text, with what begins and ends it: segment 0. The rest is segment 1. */
  readonly firstLength: number;
  /** How many pieces were cut off. */
  readonly cut: number;
}

/** `tokens` is the most that a row may have. */
export function frameTexts(
  first: Int32Array,
  second: Int32Array | undefined,
  { begin, end }: FrameIds,
  tokens: number,
): FramedTexts {
  const frame = second === undefined ? 2 : 3;
  if (!(tokens > frame)) {
    throw new GmlpError('invalid-argument', `frameTexts: expected rows of more than ${frame} tokens, got ${tokens}`, { tokens });
  }
  const room = tokens - frame;
  const [keptFirst, keptSecond] = longestFirst(first.length, second?.length ?? 0, room);
  const firstLength = keptFirst + 2;
  const ids = new Int32Array(keptFirst + keptSecond + frame);
  ids[0] = begin;
  ids.set(first.subarray(0, keptFirst), 1);
  ids[firstLength - 1] = end;
  if (second !== undefined) {
    ids.set(second.subarray(0, keptSecond), firstLength);
    ids[ids.length - 1] = end;
  }
  return { ids, firstLength, cut: first.length + (second?.length ?? 0) - keptFirst - keptSecond };
}

/** What is left of two lengths when one is taken off the longer, of equal ones the second, until their sum fits. */
export function longestFirst(first: number, second: number, room: number): readonly [number, number] {
  if (first + second <= room) return [first, second];
  const half = Math.ceil(room / 2);
  if (first <= half) return [first, room - first];
  if (second <= room - half) return [room - second, second];
  return [half, room - half];
}
