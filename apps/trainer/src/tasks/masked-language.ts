/** Pieces that were masked are said again, as BERT is trained (paper, section 4.1). */
import { chosenCount, maskOptions } from '@gmlp/text';
import * as z from 'zod/mini';
import { filledMaskAnswers } from './text/filled-mask-answers.ts';
import { languageTask } from './text/language-task.ts';
import { type TextData, textDataSchema } from './text/text-data.ts';

export interface MaskedLanguageData extends TextData {
  /** The part of the tokens that is asked for; BERT's 0.15 when left out. */
  readonly maskRate: number;
  /** All pieces of a word are asked for, or none; single pieces when left out. */
  readonly wholeWords?: boolean;
}

const bertRate = 0.15;

export const maskedLanguage = languageTask<MaskedLanguageData>({
  families: ['gmlp-language', 'bert', 'mixer-language'],
  causal: false,
  data: textDataSchema<MaskedLanguageData>({
    maskRate: z._default(z.number().check(z.positive(), z.maximum(1)), bertRate),
    wholeWords: z.optional(z.boolean()),
  }),
  askedOf(tokenizer, { maskRate = bertRate, wholeWords = false }) {
    const asked = maskOptions(tokenizer, maskRate, { wholeWords });
    return { asked, never: asked.specialIds };
  },
  asked: (tokens, { maskRate }) => chosenCount(tokens, maskRate),
  counted: { name: 'maskedTokens', label: 'masked tokens' },
  answers: filledMaskAnswers,
});
