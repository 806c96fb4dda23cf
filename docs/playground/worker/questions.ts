/** Questions that a page asks its worker, each with one answer. `Questions` says by name what is asked and answered. */
import { plainMessage } from '@gmlp/base';

export type QuestionTable<Questions> = { readonly [Q in keyof Questions]: { readonly asked: object; readonly answer: unknown } };

export type Asked<Questions extends QuestionTable<Questions>> = {
  [Q in keyof Questions]: { readonly kind: 'ask'; readonly id: number; readonly question: Q } & Questions[Q]['asked'];
}[keyof Questions];

export type Answered =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };

export type Answers<Questions extends QuestionTable<Questions>> = {
  readonly [Q in keyof Questions]: (asked: Questions[Q]['asked']) => Promise<Questions[Q]['answer']>;
};

export async function answerTo<Questions extends QuestionTable<Questions>>(
  answers: Answers<Questions>,
  asked: Asked<Questions>,
): Promise<Answered> {
  const { id, question } = asked as { readonly id: number; readonly question: keyof Questions };
  try {
    return { kind: 'answer', id, value: await answers[question](asked as never) };
  } catch (error) {
    return { kind: 'refused', id, message: plainMessage(error) };
  }
}
