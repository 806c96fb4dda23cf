/** What a recipe says of questions and the texts that answer them: where they are, what is held out, and how a text is cut into windows. */
import * as z from 'zod/mini';
import { heldOutPart } from '../classification/held-out-part.ts';
import { type OnBad, onBadChoices } from '../text/on-bad.ts';

/** How questions are read and answered. */
export interface AnsweringLayout {
  /** Whether a question may have no answer in its text, as in SQuAD 2.0. */
  readonly noAnswer: boolean;
  /** How many pieces behind the start of a window of the text the next one begins. */
  readonly stride: number;
  /** The most pieces of a question; the rest is cut off. */
  readonly questionTokens: number;
  /** The most pieces of an answer that is given. */
  readonly answerTokens: number;
}

export interface AnsweringData extends AnsweringLayout {
  /** The questions to train on, in the JSON of SQuAD. */
  readonly path: string;
  /** A file of its own to validate on. */
  readonly validation?: string;
  /** Without it: so many of the texts are held out from 1 on, with all their questions; that part of them below. */
  readonly heldOut: number;
  /** The tokenizer.json of the model that is begun with. */
  readonly tokenizer: string;
  /** What becomes of questions that cannot be read: an error for the first (`stop`, which is what happens without it), or left out. */
  readonly onBad?: OnBad;
}

const place = z.string().check(z.minLength(1), z.maxLength(4000));
const count = z.int().check(z.positive(), z.maximum(2 ** 20));

/** Of run_squad.py, BERT's program. */
export const usualLayout: AnsweringLayout = { noAnswer: false, stride: 128, questionTokens: 64, answerTokens: 30 };

export const layoutFields = {
  noAnswer: z._default(z.boolean(), usualLayout.noAnswer),
  stride: z._default(count, usualLayout.stride),
  questionTokens: z._default(count, usualLayout.questionTokens),
  answerTokens: z._default(count, usualLayout.answerTokens),
} as const;

export const answeringDataSchema = z
  .strictObject({
    path: place,
    validation: z.optional(place),
    heldOut: z._default(z.number().check(z.positive()), 0.1),
    ...layoutFields,
    tokenizer: place,
    onBad: z.optional(z.enum(onBadChoices)),
  })
  .check(heldOutPart('texts')) as unknown as z.ZodMiniType<AnsweringData>; // optional fields: absent, not undefined
