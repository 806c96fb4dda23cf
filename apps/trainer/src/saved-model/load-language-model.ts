/** A language model, which fills masks or is causal, from its directory, with the tokenizer that it needs. */
import { GmlpError, plainMessage } from '@gmlp/base';
import type { ConfigOf } from '@gmlp/models';
import { expectVocabulary, loadTokenizer, type Tokenizer } from '@gmlp/text';
import type { LanguageModule, LanguageParameters } from '../tasks/text/language-objective.ts';
import { type LoadedModel, type LoadOptions, loadModel } from './load-model.ts';

/** The families that score the pieces of a vocabulary at chosen positions, whoever trained them: this command, a page or a program. */
export const languageFamilies = ['gmlp-language', 'bert', 'mixer-language'] as const;

export type LanguageFamily = (typeof languageFamilies)[number];

export interface LoadedLanguageModel {
  readonly config: ConfigOf<LanguageFamily>;
  readonly module: LanguageModule;
  /** Host arrays in the tree of the parameters. */
  readonly params: LanguageParameters;
  readonly tokenizer: Tokenizer;
}

export async function loadLanguageModel(directory: string, options: LoadOptions = {}): Promise<LoadedLanguageModel> {
  const expected = { families: languageFamilies, doing: 'fills masks or goes on with a text', files: ['tokenizer.json'] };
  return asLanguageModel(await loadModel(directory, options, expected), directory);
}

function asLanguageModel({ model, params, modelFiles }: LoadedModel, directory: string): LoadedLanguageModel {
  try {
    const { config, module } = model as unknown as Pick<LoadedLanguageModel, 'config' | 'module'>; // of one of the families above
    const tokenizer = loadTokenizer(modelFiles.get('tokenizer.json')!);
    expectVocabulary(tokenizer, config.vocabulary);
    return { config, module, params: params as LanguageParameters, tokenizer };
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    throw new GmlpError(
      'invalid-data',
      `loadLanguageModel: ${directory} cannot be loaded: ${plainMessage(error)}`,
      { directory },
      { cause: error },
    );
  }
}
