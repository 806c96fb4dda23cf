/** A model that sees no later token says which comes next. */
import { specialId } from '@gmlp/text';
import { languageTask } from './text/language-task.ts';
import { type TextData, textDataSchema } from './text/text-data.ts';

export const nextToken = languageTask<TextData>({
  families: ['gmlp-language'],
  causal: true,
  data: textDataSchema<TextData>({}),
  // [CLS] begins a sequence: it comes after nothing.
  askedOf: (tokenizer) => ({ asked: 'next-token', never: new Set([specialId(tokenizer, '[CLS]')]) }),
  asked: (tokens) => tokens - 1,
  counted: { name: 'nextTokens', label: 'next tokens' },
});
