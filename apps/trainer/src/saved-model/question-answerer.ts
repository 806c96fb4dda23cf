/** What a saved model finds in texts, question by question. */
import { expectScores, hostArray, probabilitiesOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import { familyOf } from '@gmlp/models';
import { bestAnswers, type WindowAnswers, windowAnswers } from '@gmlp/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import { scoresOfRow } from '../tasks/answering/answering-objective.ts';
import { type AskedRow, askedRows } from '../tasks/answering/asked-rows.ts';
import { classificationInputs } from '../tasks/classification/classification-inputs.ts';
import { rowInputs } from '../tasks/classification/text-batches.ts';
import { rowIds } from '../tasks/classification/text-rows.ts';
import type { LoadedQuestionAnswerer } from './load-question-answerer.ts';

export interface QuestionAnswer {
  /** As it stands in the text; empty where the model finds that there is none. */
  readonly answer: string;
  /** Where it begins and ends in the text, in Unicode code points, as SQuAD counts them; absent where there is none. */
  readonly start?: number;
  readonly end?: number;
  /** Of this answer among the twenty best, with that there is none where that may be. */
  readonly probability: number;
  /** How much surer it is that there is no answer than of the best one: above 0 there is none. Of models that may find none. */
  readonly noAnswerOdds?: number;
}

export interface AskedText {
  readonly question: string;
  readonly context: string;
}

export interface QuestionAnswerer {
  /** Texts of any length: they go through the model in windows. */
  answer(asked: readonly AskedText[]): Promise<readonly QuestionAnswer[]>;
  /** Frees the parameters on the device and what was compiled; a later call is an error. */
  dispose(): Promise<void>;
}

/** Windows that go through the model at once. */
const windowsAtOnce = 16;

/** Compiles for one window and for `windowsAtOnce`, and puts the parameters on the device once. */
export function questionAnswerer(
  device: Device,
  { config, apply, params: values, tokenizer, layout }: LoadedQuestionAnswerer,
): QuestionAnswerer {
  const inputs = classificationInputs(config);
  const { tokens } = familyOf(config).facts(config);
  const frame = rowIds(tokenizer);
  const logitsOf = device.compile((params: unknown, given: Readonly<Record<string, Tensor>>) => apply(params, given, inference));
  const params = device.put<unknown>(values);

  async function answersOf(rows: readonly AskedRow[], count: number): Promise<readonly WindowAnswers[]> {
    const filled = rowInputs(rows, count, { tokens, padding: frame.padding });
    const arrays = inputs.map((name) => [name, hostArray('int32', [count, tokens], filled[name])] as const);
    const given = device.put<Readonly<Record<string, Tensor>>>(Object.fromEntries(arrays));
    try {
      const logits = await logitsOf(params, given);
      try {
        const { data } = await device.read(logits);
        return rows.map(({ question: { contextText, context, windows, contextAt }, window }, row) => {
          const scores = scoresOfRow(data as Float32Array, tokens, row);
          expectScores('questionAnswerer', scores.start);
          expectScores('questionAnswerer', scores.end);
          const places = { context: contextText, starts: context.starts, ends: context.ends, windows, contextAt };
          return windowAnswers(places, window, scores, { longest: layout.answerTokens });
        });
      } finally {
        disposeTree(logits);
      }
    } finally {
      disposeTree(given);
    }
  }

  return {
    async answer(asked) {
      const questions = asked.map((each, at) => ({ ...each, id: `${at}`, answers: [] }));
      const rows = askedRows(questions, { tokenizer, frame, tokens, layout, path: 'questionAnswerer' });
      const found = asked.map((): WindowAnswers[] => []);
      // A graph for each other number would take longer than what it saves.
      const size = rows.count === 1 ? 1 : windowsAtOnce;
      for (let first = 0; first < rows.count; first += size) {
        const own = Array.from({ length: Math.min(size, rows.count - first) }, (_, at) => rows.row(first + at));
        for (const [at, answers] of (await answersOf(own, size)).entries()) found[Number(own[at]!.question.id)]!.push(answers);
      }
      return found.map((windows, at) => answerOf(windows, asked[at]!.context, layout.noAnswer));
    },
    async dispose() {
      disposeTree(params);
      await logitsOf.dispose();
    },
  };
}

function answerOf(windows: readonly WindowAnswers[], context: string, noAnswer: boolean): QuestionAnswer {
  const { answers, none } = bestAnswers(windows);
  const [best] = answers;
  const probabilities = probabilitiesOf([
    ...answers.map(({ score }) => score),
    ...(noAnswer || best === undefined ? [none] : []),
  ]);
  const noAnswerOdds = none - (best?.score ?? Number.NEGATIVE_INFINITY);
  const odds = noAnswer && best !== undefined ? { noAnswerOdds } : {};
  if (best === undefined || (noAnswer && noAnswerOdds > 0)) return { answer: '', probability: probabilities.at(-1)!, ...odds };
  const start = codePoints(context.slice(0, best.start));
  return { answer: best.text, start, end: start + codePoints(best.text), probability: probabilities[0]!, ...odds };
}

const codePoints = (text: string): number => [...text].length;
