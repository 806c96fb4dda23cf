/** A classifier of texts from its directory, with its tokenizer, the names of its classes, and how files of such texts are read. */
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '@gmlp/checkpoint';
import { type Forward, familyOf, type ModelConfig } from '@gmlp/models';
import { loadTokenizer, type Tokenizer } from '@gmlp/text';
import { expectTokenizer } from '../tasks/classification/expect-tokenizer.ts';
import { labelsFile, readLabels, type TextLabels } from '../tasks/classification/labels-file.ts';
import { ofFile } from './create-saved-model.ts';
import { type LoadOptions, loadModel } from './load-model.ts';

export interface LoadedTextClassifier {
  readonly config: ModelConfig;
  readonly apply: Forward['apply'];
  /** Host arrays in the tree of the parameters. */
  readonly params: object;
  readonly tokenizer: Tokenizer;
  readonly labels: TextLabels;
}

export async function loadTextClassifier(directory: string, options: LoadOptions = {}): Promise<LoadedTextClassifier> {
  const { model, params, modelFiles } = await loadModel(directory, options, {
    families: ['sequence-classification'],
    doing: 'says what class a text is of',
    files: [modelFileNames.tokenizer, labelsFile],
  });
  const { config } = model;
  const { classes: expected } = familyOf(config).facts(config);
  const path = join(directory, labelsFile);
  const labels = ofFile(path, () => readLabels(modelFiles));
  if (labels.classes.length !== expected) {
    throw new GmlpError(
      'invalid-data',
      `loadTextClassifier: ${path} names ${labels.classes.length} classes, the model tells ${expected} apart; it is of another model`,
      { path },
    );
  }
  const place = join(directory, modelFileNames.tokenizer);
  const tokenizer = ofFile(place, () => loadTokenizer(modelFiles.get(modelFileNames.tokenizer)!));
  expectTokenizer(tokenizer, config, place);
  return { config, apply: familyOf(config).forward(config).apply, params, tokenizer, labels };
}
