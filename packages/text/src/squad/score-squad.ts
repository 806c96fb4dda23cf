/** The official figures of SQuAD: `evaluate-v1.1.py` and `evaluate-v2.0.py` of https://github.com/rajpurkar/SQuAD-explorer, in per cent. */
import { answerWords, normalisedAnswer } from './normalised-answer.ts';
import type { SquadQuestion } from './parse-squad.ts';

/** Answers by the id of their question. Of version 2.0 an empty one says that there is none. */
export type SquadPredictions = ReadonlyMap<string, string>;

export interface Squad1Scores {
  readonly exactMatch: number;
  readonly f1: number;
  /** All questions: one without a prediction counts as wrong. */
  readonly total: number;
  readonly missing: number;
}

interface Scores {
  readonly exact: number;
  readonly f1: number;
  readonly total: number;
}

export interface Squad2Scores extends Scores {
  /** Of the questions that have an answer, and of those that have none; undefined where there are none of them. */
  readonly hasAnswer: Scores | undefined;
  readonly noAnswer: Scores | undefined;
  /** Questions without a prediction, which count in nothing. */
  readonly missing: number;
  /** The highest figures that a threshold gives, and those thresholds; where probabilities were given. */
  readonly best?: {
    readonly exact: number;
    readonly exactThreshold: number;
    readonly f1: number;
    readonly f1Threshold: number;
  };
}

export interface Squad2Options {
  /** How probable it is that a question has no answer, by its id. */
  readonly noAnswerProbabilities?: ReadonlyMap<string, number> | undefined;
  /** An answer whose probability of being none is above it counts as none; 1 by default: no answer does. */
  readonly noAnswerThreshold?: number | undefined;
}

export function scoreSquad1(questions: readonly SquadQuestion[], predictions: SquadPredictions): Squad1Scores {
  let [exact, f1, missing] = [0, 0, 0];
  for (const { id, answers } of questions) {
    const prediction = predictions.get(id);
    if (prediction === undefined) missing++;
    else {
      const golds = answers.map(({ text }) => text);
      exact += best(golds, (gold) => Number(normalisedAnswer(gold) === normalisedAnswer(prediction)));
      f1 += best(golds, (gold) => overlap(answerWords(gold), answerWords(prediction)));
    }
  }
  const total = questions.length;
  return { exactMatch: percent(exact, total), f1: percent(f1, total), total, missing };
}

interface Scored {
  readonly id: string;
  readonly hasAnswer: boolean;
  readonly prediction: string;
  readonly exact: number;
  readonly f1: number;
}

export function scoreSquad2(
  questions: readonly SquadQuestion[],
  predictions: SquadPredictions,
  { noAnswerProbabilities, noAnswerThreshold = 1 }: Squad2Options = {},
): Squad2Scores {
  const raw = questions.flatMap(({ id, answers }): readonly Scored[] => {
    const prediction = predictions.get(id);
    if (prediction === undefined) return [];
    const named = answers.map(({ text }) => text).filter((text) => answerWords(text).length > 0);
    const golds = named.length > 0 ? named : [''];
    const exact = best(golds, (gold) => Number(normalisedAnswer(gold) === normalisedAnswer(prediction)));
    const f1 = best(golds, (gold) => {
      const [expected, got] = [answerWords(gold), answerWords(prediction)];
      if (expected.length === 0 || got.length === 0) return Number(expected.length === got.length);
      return overlap(expected, got);
    });
    return [{ id, hasAnswer: answers.length > 0, prediction, exact, f1 }];
  });
  const probability = ({ id }: Scored): number => noAnswerProbabilities?.get(id) ?? 0;
  const scored = raw.map((each): Scored => {
    if (probability(each) <= noAnswerThreshold) return each;
    const right = Number(!each.hasAnswer);
    return { ...each, exact: right, f1: right };
  });
  const part = (has: boolean): Scores | undefined => {
    const of = scored.filter(({ hasAnswer }) => hasAnswer === has);
    return of.length > 0 ? meanOf(of) : undefined;
  };
  return {
    ...meanOf(scored),
    hasAnswer: part(true),
    noAnswer: part(false),
    missing: questions.length - raw.length,
    ...(noAnswerProbabilities && { best: bestOf(questions, raw, probability) }),
  };
}

function meanOf(scored: readonly Scored[]): Scores {
  const sum = (figure: 'exact' | 'f1'): number => scored.reduce((total, each) => total + each[figure], 0);
  return { exact: percent(sum('exact'), scored.length), f1: percent(sum('f1'), scored.length), total: scored.length };
}

/** Every threshold is tried: one answer more counts at a time, the surest first. */
function bestOf(questions: readonly SquadQuestion[], raw: readonly Scored[], probability: (of: Scored) => number) {
  const surest = raw.toSorted((one, other) => probability(one) - probability(other));
  const none = questions.filter(({ answers }) => answers.length === 0).length;
  const search = (figure: 'exact' | 'f1'): readonly [score: number, threshold: number] => {
    let [current, highest, threshold] = [none, none, 0];
    for (const each of surest) {
      current += each.hasAnswer ? each[figure] : each.prediction === '' ? 0 : -1;
      if (current > highest) [highest, threshold] = [current, probability(each)];
    }
    return [percent(highest, raw.length), threshold];
  };
  const [[exact, exactThreshold], [f1, f1Threshold]] = [search('exact'), search('f1')];
  return { exact, exactThreshold, f1, f1Threshold };
}

/** F1 of the words that two answers share, each as often as both have it. */
function overlap(expected: readonly string[], got: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of got) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  if (shared === 0) return 0;
  const [precision, recall] = [shared / got.length, shared / expected.length];
  return (2 * precision * recall) / (precision + recall);
}

const best = (golds: readonly string[], score: (gold: string) => number): number =>
  golds.reduce((highest, gold) => Math.max(highest, score(gold)), 0);

const percent = (sum: number, total: number): number => (total === 0 ? 0 : (100 * sum) / total);
