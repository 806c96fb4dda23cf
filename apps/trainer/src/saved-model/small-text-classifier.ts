/** For tests: the directory of a small BERT with random weights that classifies texts. */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { trainTokenizer } from '@gmlp/text';
import { formatLabels, type TextLabels } from '../tasks/classification/labels-file.ts';
import { smallText, smallTokens } from './small-saved-model.ts';

export async function writeSmallTextClassifier(directory: string, labels: TextLabels): Promise<void> {
  const vocabulary = 285;
  const tokenizer = JSON.stringify(await trainTokenizer([{ text: smallText.repeat(4) }], { vocabularySize: vocabulary }));
  const sizes = { vocabulary, tokens: smallTokens, channels: 8, hiddenChannels: 16, layers: 2, heads: 2, segments: 2 };
  const { config, module } = createModel({
    family: 'sequence-classification',
    body: { family: 'bert', ...sizes },
    classes: labels.classes.length,
  });
  const tensors = new Map(
    Array.from(toNamed<HostArray>(initialValues(module.spec, key(0))), ([name, { shape }]) => [
      name,
      hostArray('float32', shape, randomNormal(split(key(1), name), sizeOf(shape))),
    ]),
  );
  await writeModelDirectory(directory, { config, tensors, tokenizer, labels: formatLabels(labels) });
}
