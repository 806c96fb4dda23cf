/** The official figures of somebody's answers to SQuAD, from files, under the names that the official scripts print. */
import { GmlpError, listedNames } from '@gmlp/base';
import { parseSquad, type SquadQuestion, scoreSquad1, scoreSquad2 } from '@gmlp/text';
import { readTextFile, readValuesById } from './read-json-file.ts';

export type ScoredTask = 'squad1' | 'squad2';

export interface AskedScore {
  readonly data: string;
  readonly predictions: string;
  /** Of version 2.0: a file of how probable it is that a question has no answer, and from where on it counts as none. */
  readonly naProbabilities?: string | undefined;
  readonly naThreshold: number;
}

export interface Score {
  readonly figures: Readonly<Record<string, number>>;
  /** What is worth a word besides: nothing of it changes a figure. */
  readonly notes: readonly string[];
}

const answer = { name: 'an answer', holds: (value: unknown): value is string => typeof value === 'string' };
const probability = { name: 'a number', holds: (value: unknown): value is number => typeof value === 'number' };

export async function scorePredictions(task: ScoredTask, asked: AskedScore): Promise<Score> {
  const questions = parseSquad(await readTextFile('the data', asked.data), asked.data);
  const predictions = await readValuesById('the predictions', asked.predictions, answer);
  const known = questions.filter(({ id }) => predictions.has(id)).length;
  if (known === 0) {
    throw new GmlpError(
      'invalid-data',
      `score: ${asked.predictions} answers none of the ${questions.length} questions of ${asked.data}: it is of other data`,
      { data: asked.data, predictions: asked.predictions },
    );
  }
  const notes = [...notesOf(questions), ...strangers(predictions.size - known)];
  if (task === 'squad1') {
    const { exactMatch, f1, missing } = scoreSquad1(questions, predictions);
    return { figures: { exact_match: exactMatch, f1 }, notes: [...notes, ...unanswered(missing, 'count as wrong')] };
  }
  const noAnswerProbabilities =
    asked.naProbabilities === undefined
      ? undefined
      : await readValuesById('the probabilities', asked.naProbabilities, probability);
  if (noAnswerProbabilities) expectProbabilities(predictions, noAnswerProbabilities, asked);
  const options = { noAnswerProbabilities, noAnswerThreshold: asked.naThreshold };
  const { exact, f1, total, hasAnswer, noAnswer, missing, best } = scoreSquad2(questions, predictions, options);
  return {
    figures: {
      ...{ exact, f1, total },
      ...(hasAnswer && { HasAns_exact: hasAnswer.exact, HasAns_f1: hasAnswer.f1, HasAns_total: hasAnswer.total }),
      ...(noAnswer && { NoAns_exact: noAnswer.exact, NoAns_f1: noAnswer.f1, NoAns_total: noAnswer.total }),
      ...(best && { best_exact: best.exact, best_exact_thresh: best.exactThreshold }),
      ...(best && { best_f1: best.f1, best_f1_thresh: best.f1Threshold }),
    },
    notes: [...notes, ...unanswered(missing, 'count in nothing')],
  };
}

function expectProbabilities(
  predictions: ReadonlyMap<string, string>,
  probabilities: ReadonlyMap<string, number>,
  { naProbabilities }: AskedScore,
): void {
  const without = [...predictions.keys()].filter((id) => !probabilities.has(id));
  if (without.length === 0) return;
  throw new GmlpError('invalid-data', `score: ${naProbabilities} has no probability for ${listedNames(without)}`, {
    questions: without.length,
  });
}

function notesOf(questions: readonly SquadQuestion[]): readonly string[] {
  const elsewhere = questions.flatMap(({ answers }) => answers).filter(({ start }) => start === undefined).length;
  return elsewhere === 0 ? [] : [`${elsewhere} answers of the data do not stand at their offset; their text counts`];
}

const strangers = (count: number): readonly string[] =>
  count === 0 ? [] : [`${count} predictions are of questions that the data does not have`];

const unanswered = (count: number, how: string): readonly string[] =>
  count === 0 ? [] : [`${count} questions have no prediction and ${how}`];
