/** For tests: the directory of a small BERT with random weights as transformers writes one, of the older kind that has a vocab.txt. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostArray, hostArray, key, mapTree } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { initialValues } from '@gmlp/layers';
import { createModel, huggingFaceBertOptions, type OptionsOf, writeHuggingFaceBert } from '@gmlp/models';

export const bertVocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s', 'sat'];
/** Of a text at most. */
const tokens = 12;

export async function writeSmallHuggingFaceBert(directory: string) {
  const sizes = { hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16 };
  const published = {
    ...{ model_type: 'bert', architectures: ['BertForMaskedLM'], vocab_size: bertVocabulary.length },
    ...{ ...sizes, max_position_embeddings: tokens },
  };
  const { config, module } = createModel(huggingFaceBertOptions(published, { pooler: false }) as OptionsOf<'bert'>);
  // Larger than at the start of a training, so that every piece has a probability of its own.
  const params = mapTree(initialValues(module.spec, key(3)), ({ shape, data }: HostArray) =>
    hostArray(
      'float32',
      shape,
      (data as Float32Array).map((value) => 4 * value),
    ),
  );
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'config.json'), JSON.stringify(published));
  await writeFile(join(directory, 'vocab.txt'), bertVocabulary.join('\n'));
  await writeFile(join(directory, 'model.safetensors'), encodeSafetensors(writeHuggingFaceBert(config, params as never)));
  return { module, params };
}
