/** A model that points at answers from its directory, with its tokenizer, and how it reads questions and texts. */
import { join } from 'node:path';
import { modelFileNames } from '@gmlp/checkpoint';
import { type Forward, familyOf, type ModelConfig } from '@gmlp/models';
import { loadTokenizer, type Tokenizer } from '@gmlp/text';
import type { AnsweringLayout } from '../tasks/answering/answering-data.ts';
import { answeringFile, readAnswering } from '../tasks/answering/answering-file.ts';
import { expectTokenizer } from '../tasks/classification/expect-tokenizer.ts';
import { ofFile } from './create-saved-model.ts';
import { type LoadOptions, loadModel } from './load-model.ts';

export interface LoadedQuestionAnswerer {
  readonly config: ModelConfig;
  readonly apply: Forward['apply'];
  /** Host arrays in the tree of the parameters. */
  readonly params: object;
  readonly tokenizer: Tokenizer;
  readonly layout: AnsweringLayout;
}

export async function loadQuestionAnswerer(directory: string, options: LoadOptions = {}): Promise<LoadedQuestionAnswerer> {
  const { model, params, modelFiles } = await loadModel(directory, options, {
    families: ['extractive-span'],
    doing: 'points at answers in texts',
    files: [modelFileNames.tokenizer, answeringFile],
  });
  const { config } = model;
  const layout = ofFile(join(directory, answeringFile), () => readAnswering(modelFiles));
  const place = join(directory, modelFileNames.tokenizer);
  const tokenizer = ofFile(place, () => loadTokenizer(modelFiles.get(modelFileNames.tokenizer)!));
  expectTokenizer(tokenizer, config, place);
  return { config, apply: familyOf(config).forward(config).apply, params, tokenizer, layout };
}
