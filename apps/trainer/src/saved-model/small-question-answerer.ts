/** For tests: the directory of a small gMLP with random weights that points at answers. */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { trainTokenizer } from '@gmlp/text';
import { usualLayout } from '../tasks/answering/answering-data.ts';
import { formatAnswering } from '../tasks/answering/answering-file.ts';
import { smallText, smallTokens } from './small-saved-model.ts';

export async function writeSmallQuestionAnswerer(directory: string, { noAnswer }: { readonly noAnswer: boolean }): Promise<void> {
  const vocabulary = 285;
  const tokenizer = JSON.stringify(await trainTokenizer([{ text: smallText.repeat(4) }], { vocabularySize: vocabulary }));
  const sizes = { vocabulary, tokens: smallTokens, channels: 8, hiddenChannels: 16, layers: 2 };
  const { config, module } = createModel({ family: 'extractive-span', body: { family: 'gmlp-language', ...sizes } });
  const tensors = new Map(
    Array.from(toNamed<HostArray>(initialValues(module.spec, key(0))), ([name, { shape }]) => [
      name,
      hostArray('float32', shape, randomNormal(split(key(1), name), sizeOf(shape))),
    ]),
  );
  await writeModelDirectory(directory, {
    config,
    tensors,
    tokenizer,
    answering: formatAnswering({ ...usualLayout, stride: 3, noAnswer }),
  });
}
