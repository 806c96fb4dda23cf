/** Questions and their texts as rows of ids: each text and each question once in memory, and for each window two places and two labels. */
import { createHash } from 'node:crypto';
import { formatNumber, GmlpError } from '@gmlp/base';
import {
  type ContextWindow,
  type EncodedText,
  encodeContext,
  ignoredLabel,
  piecesOfAnswer,
  questionWindows,
  type SquadQuestion,
  spanLabels,
  type Tokenizer,
  windowIds,
} from '@gmlp/text';
import type { RowIds } from '../classification/text-rows.ts';
import type { AnsweringLayout } from './answering-data.ts';

export interface AskedQuestion {
  readonly id: string;
  readonly context: EncodedText;
  readonly contextText: string;
  readonly golds: readonly string[];
  /** Where the text begins in its rows. */
  readonly contextAt: number;
  readonly windows: readonly ContextWindow[];
}

export interface AskedRow {
  readonly question: AskedQuestion;
  /** Which of the question's windows it is. */
  readonly window: number;
  readonly ids: Int32Array;
  /** How many of `ids` are of the question, with what begins and ends it. */
  readonly firstLength: number;
  /** Where the answer begins and ends: at [CLS] where the window lacks it, -100 where nobody knows. */
  readonly labels: readonly [start: number, end: number];
}

export interface AskedRows {
  /** How many windows there are. */
  readonly count: number;
  /** How many questions, and how many of them were longer than what is read of one. */
  readonly questions: number;
  readonly cut: number;
  /** How many windows lack the answer of their question, or are of one without. */
  readonly withoutAnswer: number;
  /** SHA-256 of the ids, windows and labels. */
  readonly fingerprint: string;
  row(index: number): AskedRow;
}

export interface AskedRowsOptions {
  readonly tokenizer: Tokenizer;
  readonly frame: RowIds;
  /** The length of a row. */
  readonly tokens: number;
  readonly layout: AnsweringLayout;
  /** For errors. */
  readonly path: string;
  /** Called with how many questions there are so far; may throw to stop. */
  readonly onProgress?: ((questions: number) => void) | undefined;
}

/** Half a gigabyte of them. */
const mostPieces = 2 ** 27;

interface Asked extends AskedQuestion {
  readonly question: Int32Array;
  readonly answer: readonly [first: number, last: number] | undefined;
  readonly known: boolean;
}

export function askedRows(
  questions: readonly SquadQuestion[],
  { tokenizer, frame, tokens, layout, path, onProgress }: AskedRowsOptions,
): AskedRows {
  const hash = createHash('sha256');
  const add = (numbers: Int32Array): unknown =>
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  const asked: Asked[] = [];
  const [rowQuestions, rowWindows]: [number[], number[]] = [[], []];
  let [cut, withoutAnswer, pieces] = [0, 0, 0];
  let context: EncodedText | undefined;
  let contextText = '';
  for (const { id, question: text, context: own, answers } of questions) {
    // The questions of a text follow each other.
    if (context === undefined || own !== contextText) {
      [context, contextText] = [encodeContext(own, tokenizer), own];
      add(context.ids);
      pieces += 3 * context.ids.length;
    }
    const ids = tokenizer.encode(text, { specialTokens: false });
    const { question, cut: lost, windows, contextAt } = questionWindows(ids, context.ids.length, { ...layout, tokens });
    if (lost > 0) cut++;
    const there = answers.find(({ start }) => start !== undefined);
    const answer = there && piecesOfAnswer(context, there.start!, there.start! + there.text.length);
    const known = answers.length === 0 || answer !== undefined;
    add(question);
    for (const [window, each] of windows.entries()) {
      const labels = spanLabels(answer, each, contextAt);
      if (labels[1] === 0) withoutAnswer++;
      add(Int32Array.of(each.from, each.length, ...labels));
      rowQuestions.push(asked.length);
      rowWindows.push(window);
    }
    pieces += question.length + 2 * windows.length;
    if (pieces > mostPieces) {
      throw new GmlpError(
        'invalid-data',
        `${path} has more than ${formatNumber(mostPieces / 3)} pieces in its first ${formatNumber(asked.length)} questions; memory has to hold them: take a part of it`,
        { path },
      );
    }
    const golds = answers.map((each) => each.text);
    asked.push({ id, context, contextText, golds, contextAt, windows, question: question.slice(), answer, known });
    if (asked.length % 1000 === 0) onProgress?.(asked.length);
  }
  return {
    count: rowWindows.length,
    questions: asked.length,
    cut,
    withoutAnswer,
    fingerprint: hash.digest('hex'),
    row(index) {
      const question = asked[rowQuestions[index]!]!;
      const { windows, contextAt, context: text, answer, known } = question;
      const window = windows[rowWindows[index]!]!;
      return {
        question,
        window: rowWindows[index]!,
        ids: windowIds(question.question, text.ids, window, frame),
        firstLength: contextAt,
        labels: known ? spanLabels(answer, window, contextAt) : [ignoredLabel, ignoredLabel],
      };
    },
  };
}
