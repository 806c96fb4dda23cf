import { GmlpError } from '@gmlp/base';
import type { ConfigOf, ModelConfig } from '@gmlp/models';
import { expectVocabulary, type Tokenizer } from '@gmlp/text';
import { rowIds } from './text-rows.ts';

/** Throws unless a tokenizer has as many pieces as a model of framed texts knows, and what frames them. `path` is where it is from. */
export function expectTokenizer(tokenizer: Tokenizer, config: ModelConfig, path: string): void {
  const { body } = config as ConfigOf<'sequence-classification' | 'extractive-span'>; // of the families of these tasks
  try {
    expectVocabulary(tokenizer, body.vocabulary);
    rowIds(tokenizer);
  } catch (cause) {
    if (!GmlpError.isInstance(cause)) throw cause;
    const problem = `the tokenizer ${path} is not this model's: ${cause.message.replace(/^\w+: /, '')}`;
    throw new GmlpError(cause.code, problem, { path }, { cause });
  }
}
