/** A file of questions in the JSON of SQuAD: those that can be used, and a word on the others. */
import { GmlpError, indexPermutation, type Key } from '@gmlp/base';
import { parseSquad, type SquadQuestion } from '@gmlp/text';
import type { BadRecord } from '@gmlp/text/node';
import { readTextFile } from '../../score/read-json-file.ts';

export interface ReadQuestions {
  readonly questions: readonly SquadQuestion[];
  /** Left out, as BERT's programs do: their answer does not stand at its offset. None where questions are only measured. */
  readonly misplaced: number;
}

/** For training a question needs an answer that stands where it is said to; what is measured needs its words alone. */
export async function readQuestions(
  path: string,
  purpose: 'train' | 'measure',
  onBad: (bad: BadRecord) => void,
): Promise<ReadQuestions> {
  const questions = parseSquad(await readTextFile('the questions', path), path).filter(({ question, context }, record) => {
    const name = lone.test(question) ? 'question' : lone.test(context) ? 'text' : undefined;
    if (name !== undefined) onBad({ reason: 'half a surrogate pair', file: path, record, detail: `in its ${name}` });
    return name === undefined;
  });
  const usable =
    purpose === 'measure'
      ? questions
      : questions.filter(({ answers }) => answers.length === 0 || answers.some(({ start }) => start !== undefined));
  if (usable.length > 0) return { questions: usable, misplaced: questions.length - usable.length };
  throw new GmlpError('invalid-data', `${path} has no question that can be used`, { path });
}

const lone = /\p{Surrogate}/u;

/** Whole texts with all their questions: `held` of them, a part or a number, and the others, each in the order of the file. */
export function heldOutQuestions(
  questions: readonly SquadQuestion[],
  held: number,
  key: Key,
): readonly [training: readonly SquadQuestion[], validation: readonly SquadQuestion[]] {
  const contexts = [...new Set(questions.map(({ context }) => context))];
  const count = held < 1 ? Math.max(1, Math.round(held * contexts.length)) : held;
  if (count >= contexts.length) {
    throw new GmlpError(
      'invalid-argument',
      `heldOut is ${held}, but there are questions about ${contexts.length} texts; hold out fewer (data.heldOut), or name others (data.validation)`,
      { heldOut: held, texts: contexts.length },
    );
  }
  const order = indexPermutation(contexts.length, key);
  const out = new Set(Array.from({ length: count }, (_, at) => contexts[order(at)]!));
  return [questions.filter(({ context }) => !out.has(context)), questions.filter(({ context }) => out.has(context))];
}
