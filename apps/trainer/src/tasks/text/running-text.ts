/** For tests: the form of running text, for any tokenizer. */
import { languageForm } from './language-form.ts';
import type { PrepareTextOptions } from './prepare-text.ts';

export const runningText: PrepareTextOptions['form'] = {
  ...languageForm(() => ({ asked: 'next-token', never: new Set() })),
  expectTokenizer: () => {},
};
