/** The loss of a model that points at answers, and how good they are by SQuAD's official figures, in per cent. */
import { expectScores } from '@gmlp/base';
import { inference } from '@gmlp/layers';
import { type CreatedModel, familyOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import {
  type AnswerPlaces,
  bestAnswers,
  type SquadQuestion,
  scoreSquad1,
  scoreSquad2,
  type WindowAnswers,
  windowAnswers,
} from '@gmlp/text';
import { evaluation, type Figures, type Objective } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Predictions } from '../task.ts';
import { type AnsweringLayout, usualLayout } from './answering-data.ts';

export interface AskedTexts {
  /** int32 `[batch, tokens]` */
  readonly ids: Tensor;
  /** int32 `[batch, tokens]`: 1 behind the question; of models that tell them apart. */
  readonly segments?: Tensor;
  /** int32 `[batch, tokens]`: 0 where a row is filled up; of models with attention that is told. */
  readonly mask?: Tensor;
  /** int32 `[batch, 2]`: the tokens where the answer begins and ends, [CLS] for none; -100 counts in nothing. */
  readonly labels: Tensor;
}

/** What the figures need of a row: none of a batch that is trained on. */
export interface AskedWindow {
  readonly id: string;
  /** The answers that are right; none where the text has none. */
  readonly golds: readonly string[];
  /** Which of the question's windows it is. */
  readonly window: number;
  readonly places: AnswerPlaces;
}

interface AnsweredWindow extends Pick<AskedWindow, 'id' | 'golds' | 'window'> {
  readonly answers: WindowAnswers;
}

interface Part {
  readonly sum: number;
  readonly count: number;
  readonly windows: readonly AnsweredWindow[];
}

/** The scores of row `row` in `[rows, 2, tokens]`. */
export function scoresOfRow(logits: Float32Array, tokens: number, row: number) {
  const start = logits.subarray(2 * row * tokens, (2 * row + 1) * tokens);
  return { start, end: logits.subarray((2 * row + 1) * tokens, (2 * row + 2) * tokens) };
}

export function answeringObjective(
  { config }: CreatedModel,
  { noAnswer, answerTokens }: Pick<AnsweringLayout, 'noAnswer' | 'answerTokens'> = usualLayout,
  onPredictions: (predictions: Predictions) => void = () => undefined,
): Objective<unknown, AskedTexts, readonly AskedWindow[]> {
  const family = familyOf(config);
  const { apply } = family.forward(config);
  const { tokens } = family.facts(config);
  return {
    loss: (params, { labels, ...text }, context) => softmaxCrossEntropy(apply(params, text, context), labels),
    evaluator: evaluation({
      outputs(params: unknown, { labels, ...text }: AskedTexts) {
        const logits = apply(params, text, inference);
        return { ...softmaxCrossEntropy(logits, labels), logits };
      },
      part({ sum, count, logits }, about): Part {
        const windows = about.map(({ id, golds, window, places }, row): AnsweredWindow => {
          const scores = scoresOfRow(logits.data as Float32Array, tokens, row);
          expectScores('evaluation', scores.start);
          expectScores('evaluation', scores.end);
          const { spans, none } = windowAnswers(places, window, scores, { longest: answerTokens });
          const { answers } = bestAnswers([{ spans, none }], { count: 1 });
          return { id, golds, window, answers: { spans: answers, none } };
        });
        return { sum: sum.data[0]!, count: count.data[0]!, windows };
      },
      figures(parts) {
        const total = (of: 'sum' | 'count'): number => parts.reduce((all, each) => all + each[of], 0);
        const { figures, predictions } = judged(
          parts.flatMap(({ windows }) => windows),
          noAnswer,
        );
        onPredictions(predictions);
        return { ...figures, loss: total('sum') / total('count') };
      },
    }),
  };
}

/** The best answer of each question, whichever of its windows it is from, and what all of them come to. */
function judged(windows: readonly AnsweredWindow[], noAnswer: boolean): { figures: Figures; predictions: Predictions } {
  const byQuestion = new Map<string, AnsweredWindow[]>();
  for (const window of windows) {
    const own = byQuestion.get(window.id);
    if (own === undefined) byQuestion.set(window.id, [window]);
    else own.push(window);
  }
  const questions: SquadQuestion[] = [];
  const [answers, odds] = [new Map<string, string>(), new Map<string, number>()];
  for (const [id, own] of byQuestion) {
    const inOrder = own.sort((one, other) => one.window - other.window).map((each) => each.answers);
    const { answers: found, none } = bestAnswers(inOrder, { count: 1 });
    const [best] = found;
    answers.set(id, best?.text ?? '');
    odds.set(id, best === undefined ? Number.POSITIVE_INFINITY : none - best.score);
    questions.push({ id, question: '', context: '', answers: own[0]!.golds.map((text) => ({ text, start: undefined })) });
  }
  if (!noAnswer) {
    const { exactMatch, f1 } = scoreSquad1(questions, answers);
    return { figures: { f1, exactMatch }, predictions: { answers } };
  }
  const said = new Map([...answers].map(([id, text]) => [id, odds.get(id)! > 0 ? '' : text]));
  const scores = scoreSquad2(questions, answers, { noAnswerProbabilities: odds, noAnswerThreshold: 0 });
  const { hasAnswer: has, noAnswer: none, best } = scores;
  const figures = {
    ...{ f1: scores.f1, exactMatch: scores.exact },
    ...(has && { hasAnswerF1: has.f1, hasAnswerExactMatch: has.exact }),
    ...(none && { noAnswerF1: none.f1, noAnswerExactMatch: none.exact }),
    ...(best && { bestF1: best.f1, bestF1Threshold: best.f1Threshold }),
    ...(best && { bestExactMatch: best.exact, bestExactMatchThreshold: best.exactThreshold }),
  };
  return { figures, predictions: { answers: said, noAnswerOdds: odds } };
}
