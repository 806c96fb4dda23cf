/**
 * Answers out of a model's scores for where they begin and end, as BERT decodes them (`write_predictions` in run_squad.py of
 * https://github.com/google-research/bert): in each window all pairs of the likeliest starts and ends that are in order, short enough, and begin
 * where the window shows a piece best; the sum of both scores ranks them over all windows. That there is no answer is scored by [CLS], in the window
 * where that scores least.
 */
import { GmlpError, indicesOfLargest } from '@gmlp/base';
import type { EncodedText } from '../tokenizer.ts';
import { type ContextWindow, mostCentral } from './context-windows.ts';

export interface AnswerOptions {
  /** How many starts, ends and answers there are at most; 20 by default. */
  readonly count?: number;
  /** The most pieces of an answer; 30 by default. */
  readonly longest?: number;
}

/** Where a question may be answered. */
export interface AnswerPlaces extends Pick<EncodedText, 'starts' | 'ends'> {
  readonly context: string;
  readonly windows: readonly ContextWindow[];
  readonly contextAt: number;
}

/** Of a row of the model, one score for each token, padding included. */
export interface SpanScores {
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

export interface AnswerSpan {
  readonly text: string;
  /** Where it stands in the context, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The sum of the scores of its start and its end. */
  readonly score: number;
}

export interface WindowAnswers {
  /** Of the window's [CLS], that there is no answer. */
  readonly none: number;
  /** The likeliest starts with each of the likeliest ends; not sorted. */
  readonly spans: readonly AnswerSpan[];
}

/** The answers of one window, by its number. */
export function windowAnswers(
  { context, starts, ends, windows, contextAt }: AnswerPlaces,
  number: number,
  scores: SpanScores,
  { count = 20, longest = 30 }: AnswerOptions = {},
): WindowAnswers {
  const window = windows[number];
  if (window === undefined || scores.start.length < contextAt + window.length || scores.end.length !== scores.start.length) {
    throw new GmlpError(
      'invalid-argument',
      `windowAnswers: expected a score for each token of window ${number} of ${windows.length}, got ${scores.start.length} and ${scores.end.length}`,
      { number },
    );
  }
  const { from, length } = window;
  const there = (token: number): boolean => token >= contextAt && token < contextAt + length;
  const spans: AnswerSpan[] = [];
  const lasts = indicesOfLargest(scores.end, count).filter(there);
  for (const first of indicesOfLargest(scores.start, count)) {
    if (!there(first) || mostCentral(windows, from + first - contextAt) !== number) continue;
    for (const last of lasts) {
      if (last < first || last - first >= longest) continue;
      const [start, end] = [starts[from + first - contextAt]!, ends[from + last - contextAt]!];
      const text = context.slice(start, end);
      if (text !== '') spans.push({ text, start, end, score: scores.start[first]! + scores.end[last]! });
    }
  }
  return { none: scores.start[0]! + scores.end[0]!, spans };
}

export interface BestAnswers {
  /** The best first, each text once, where it scores best. */
  readonly answers: readonly AnswerSpan[];
  /** Of no answer: the least of all windows. */
  readonly none: number;
}

/** Of the answers of all windows of a question, in their order. */
export function bestAnswers(windows: readonly WindowAnswers[], { count = 20 }: Pick<AnswerOptions, 'count'> = {}): BestAnswers {
  const ranked = windows.flatMap(({ spans }) => spans).sort((one, other) => other.score - one.score);
  const seen = new Set<string>();
  const answers: AnswerSpan[] = [];
  for (const answer of ranked) {
    if (answers.length === count) break;
    if (seen.has(answer.text)) continue;
    seen.add(answer.text);
    answers.push(answer);
  }
  return { answers, none: windows.reduce((least, { none }) => Math.min(least, none), Number.POSITIVE_INFINITY) };
}
