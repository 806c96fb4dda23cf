/**
 * A question and a text as rows that a model reads: `[CLS] question [SEP] window of the text [SEP]`, segment 0 up to the first [SEP], 1 behind
 * it, and an answer's place in them (Devlin and others, 2019, section 4.2; run_squad.py of https://github.com/google-research/bert).
 */
import type { FrameIds } from '../labelled/frame-texts.ts';
import type { EncodedText, Tokenizer } from '../tokenizer.ts';
import { type ContextWindow, contextWindows } from './context-windows.ts';

export interface QuestionWindowOptions {
  /** The length of a row; BERT's 384 by default. */
  readonly tokens?: number;
  /** How many pieces behind the start of a window the next one begins; 128 by default. */
  readonly stride?: number;
  /** The most pieces of a question, whose rest is cut off; 64 by default, and never more than half of what a row holds besides its frame. */
  readonly questionTokens?: number;
}

/** Pieces that frame both texts. */
const framing = 3;

export interface QuestionWindows {
  /** What is left of the question. */
  readonly question: Int32Array;
  /** How many pieces of it were cut off. */
  readonly cut: number;
  readonly windows: readonly ContextWindow[];
  /** Where the text begins in each row: what is before are [CLS], the question, and [SEP]. */
  readonly contextAt: number;
}

export function questionWindows(
  question: Int32Array,
  contextPieces: number,
  { tokens = 384, stride = 128, questionTokens = 64 }: QuestionWindowOptions = {},
): QuestionWindows {
  const kept = question.subarray(0, Math.min(questionTokens, Math.floor((tokens - framing) / 2)));
  const windows = contextWindows(contextPieces, tokens - framing - kept.length, stride);
  return { question: kept, cut: question.length - kept.length, windows, contextAt: kept.length + 2 };
}

/** The ids of a row. */
export function windowIds(
  question: Int32Array,
  context: Int32Array,
  { from, length }: ContextWindow,
  { begin, end }: FrameIds,
): Int32Array {
  const ids = new Int32Array(question.length + length + framing);
  ids[0] = begin;
  ids.set(question, 1);
  ids[question.length + 1] = end;
  ids.set(context.subarray(from, from + length), question.length + 2);
  ids[ids.length - 1] = end;
  return ids;
}

/**
 * A text that answers are looked for in: special tokens in it are text. A piece ends behind the marks that follow it, as some tokenizers drop them
 * (`é` of two characters): an answer lacks no mark of its last letter.
 */
export function encodeContext(context: string, tokenizer: Pick<Tokenizer, 'encodeWithOffsets'>): EncodedText {
  const { ids, starts, ends } = tokenizer.encodeWithOffsets(context, { specialTokens: false });
  return { ids, starts, ends: ends.map((end, piece) => (end > starts[piece]! ? behindMarks(context, end) : end)) };
}

const mark = /\p{M}*/uy;

function behindMarks(text: string, end: number): number {
  mark.lastIndex = end;
  return end + (mark.exec(text)?.[0].length ?? 0);
}

/** The first and the last piece of what stands from `start` to `end` in a text, in UTF-16 units; undefined where no piece has a part of it. */
export function piecesOfAnswer(
  { starts, ends }: Pick<EncodedText, 'starts' | 'ends'>,
  start: number,
  end: number,
): readonly [first: number, last: number] | undefined {
  const first = ends.findIndex((each) => each > start);
  const last = starts.findLastIndex((each) => each < end);
  return first < 0 || last < first ? undefined : [first, last];
}

/** Where an answer begins and ends in a row; both at [CLS] where the window lacks a part of it, or there is none. */
export function spanLabels(
  answer: readonly [first: number, last: number] | undefined,
  { from, length }: ContextWindow,
  contextAt: number,
): readonly [start: number, end: number] {
  if (answer === undefined || answer[0] < from || answer[1] >= from + length) return [0, 0];
  return [contextAt + answer[0] - from, contextAt + answer[1] - from];
}
