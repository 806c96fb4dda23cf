/** A model as the files of its directory, both ways. */
import { GmlpError, type HostArray } from '@gmlp/base';
import { encodeModelFiles } from '@gmlp/checkpoint';
import { toNamed } from '@gmlp/layers';
import { familyOf, loadModelFiles } from '@gmlp/models';
import { expectVocabulary, loadTokenizer } from '@gmlp/text';
import type { LiveModel, NewModel } from './live-model.ts';
import type { ModelFiles } from './messages.ts';

export async function modelFilesOf({ device, config, tokenizerFile, state }: LiveModel): Promise<ModelFiles> {
  const tensors = toNamed<HostArray>(await device.read(state.params));
  return encodeModelFiles({ config, tensors, tokenizer: tokenizerFile });
}

/** A model that fills masks, from files of any origin. */
export async function maskedLanguageModelOf(files: ModelFiles): Promise<NewModel> {
  const { config, params, tokenizer: tokenizerFile } = await loadModelFiles(files);
  if (config.family !== 'gmlp-language' && config.family !== 'bert' && config.family !== 'mixer-language') {
    throw new GmlpError(
      'invalid-argument',
      `The model is a ${config.family}; this page takes gmlp-language, bert and mixer-language, which fill masks.`,
    );
  }
  if (familyOf(config).facts(config).causal) {
    throw new GmlpError(
      'invalid-argument',
      'The model is causal: it says what comes next, and fills no masks. gmlp generate goes on with a text by it; this page takes models that fill masks.',
    );
  }
  if (tokenizerFile === undefined) {
    throw new GmlpError('not-found', 'The model has no tokenizer.json among its files; a language model is saved with one.');
  }
  expectVocabulary(loadTokenizer(tokenizerFile), config.vocabulary);
  return { options: config, tokenizerFile, params };
}
