/** A model as the files of its directory, both ways. */
import { GmlpError, type HostArray } from '@gmlp/base';
import { encodeModelFiles } from '@gmlp/checkpoint';
import { toNamed } from '@gmlp/layers';
import { loadModelFiles } from '@gmlp/models';
import { expectVocabulary, loadTokenizer } from '@gmlp/text';
import type { LiveModel, Moment, NewModel } from './live-model.ts';
import type { ModelFiles } from './messages.ts';

export async function modelFilesOf({ device, config, tokenizerFile }: LiveModel, { params }: Moment): Promise<ModelFiles> {
  const tensors = toNamed<HostArray>(await device.read(params));
  return encodeModelFiles({ config, tensors, tokenizer: tokenizerFile });
}

/** A language model that fills masks or goes on with a text, from files of any origin. */
export async function languageModelOf(files: ModelFiles): Promise<NewModel> {
  const { config, params, tokenizer: tokenizerFile } = await loadModelFiles(files);
  if (config.family !== 'gmlp-language' && config.family !== 'bert' && config.family !== 'mixer-language') {
    throw new GmlpError(
      'invalid-argument',
      `The model is a ${config.family}; this page takes gmlp-language, bert and mixer-language, which fill masks or go on with a text.`,
    );
  }
  if (tokenizerFile === undefined) {
    throw new GmlpError('not-found', 'The model has no tokenizer.json among its files; a language model is saved with one.');
  }
  expectVocabulary(loadTokenizer(tokenizerFile), config.vocabulary);
  return { options: config, tokenizerFile, parameters: toNamed<HostArray>(params) };
}
