/**
 * For tests: a model directory whose answers are known. The embedding is zero and the head adds its bias, so the logits at
 * every position are the bias: guesses are softmax(bias), the loss of a label is lse(bias) - bias[label].
 */
import { type HostArray, hostArray, key } from '@gmlp/base';
import { type ModelDirectory, writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { loadTokenizer, type Tokenizer, trainTokenizer } from '@gmlp/text';
import type { LanguageFamily } from './load-language-model.ts';

export const smallText = 'the cat sat on the mat and the dog sat on the cat ';
export const smallTokens = 16;
const vocabulary = 285;

/** `bias` of a piece; zero by default. */
export async function writeSmallModel(
  directory: string,
  bias: (piece: string) => number = () => 0,
  { family = 'gmlp-language', causal = false }: { readonly family?: LanguageFamily; readonly causal?: boolean } = {},
): Promise<ModelDirectory & { readonly pieces: Tokenizer }> {
  const tokenizer = JSON.stringify(await trainTokenizer([{ text: smallText.repeat(4) }], { vocabularySize: vocabulary }));
  const pieces = loadTokenizer(tokenizer);
  const sizes = { vocabulary, tokens: smallTokens, channels: 8, hiddenChannels: 16, layers: 2 };
  const options: Readonly<Record<LanguageFamily, ModelOptions>> = {
    'gmlp-language': { family: 'gmlp-language', ...sizes, causal },
    bert: { family: 'bert', ...sizes, heads: 2 },
    'mixer-language': { family: 'mixer-language', ...sizes, tokenHidden: 8 },
  };
  const { config, module } = createModel(options[family]);
  const tensors = toNamed<HostArray>(initialValues(module.spec, key(0)));
  const biases = Float32Array.from({ length: vocabulary }, (_, id) => bias(pieces.pieceOf(id)));
  tensors.set('embedding.weight', hostArray('float32', [vocabulary, 8], new Float32Array(vocabulary * 8)));
  tensors.set('head.bias', hostArray('float32', [vocabulary], biases));
  const model = { config, tensors, tokenizer };
  await writeModelDirectory(directory, model);
  return { ...model, pieces };
}
