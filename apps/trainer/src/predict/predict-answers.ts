/** Answers to questions about texts, in their order. */
import { GmlpError } from '@gmlp/base';
import type { LabelledColumns } from '@gmlp/text';
import type { QuestionAnswer, QuestionAnswerer } from '../saved-model/question-answerer.ts';
import { type PredictTextsOptions, type ReadText, readTexts } from './predict-texts.ts';

/** The answer to one question and where it stands in its text, or why the record could not be read. */
export type AnswerPrediction =
  | ({
      readonly file: string;
      /** Its number in the file, from 0 on. */
      readonly record: number;
      readonly question: string;
    } & QuestionAnswer)
  | { readonly file: string; readonly record: number; readonly error: string };

/** The names that SQuAD has. */
const columns: LabelledColumns = { first: ['question'], second: ['context'], label: [] };

/** Questions that are answered together. */
const questionsAtOnce = 8;

/** `-` stands for standard input. Files are JSON lines with a `question` and a `context` unless their names, or `format`, say otherwise. */
export async function* predictAnswers(
  paths: readonly string[],
  {
    answerer,
    stdin,
    format = 'jsonl',
    signal,
  }: Omit<PredictTextsOptions, 'classifier'> & { readonly answerer: QuestionAnswerer },
): AsyncGenerator<AnswerPrediction, void, undefined> {
  async function* answered(group: readonly ReadText[]): AsyncGenerator<AnswerPrediction, void, undefined> {
    const asked = group.filter((each) => !('error' in each)) as Exclude<ReadText, { error: string }>[];
    const answers = await answerer.answer(asked.map(({ first, second }) => ({ question: first, context: second ?? '' })));
    const said = new Map<ReadText, QuestionAnswer>(asked.map((each, at) => [each, answers[at]!]));
    for (const each of group) {
      if ('error' in each) yield each;
      else yield { file: each.file, record: each.record, question: each.first, ...said.get(each)! };
    }
  }
  let group: ReadText[] = [];
  for await (const text of readTexts(paths, () => ({ columns, labelled: false }), stdin, format)) {
    if (signal.aborted) throw new GmlpError('aborted', 'predict: stopped', {}, { cause: signal.reason });
    if (group.push(text) < questionsAtOnce) continue;
    yield* answered(group);
    group = [];
  }
  if (group.length > 0) yield* answered(group);
}
