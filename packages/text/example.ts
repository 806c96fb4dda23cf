import { hostArray, key } from '@gmlp/base';
import { loadTokenizer, maskOptions, maskTokens, packDocuments, trainTokenizer } from '@gmlp/text';

const texts = [
  'It was the best of times,',
  'it was the worst of times,',
  'it was the age of wisdom,',
  'it was the age of foolishness',
];
const documents = texts.map((text) => ({ text }));
const tokenizer = loadTokenizer(await trainTokenizer(documents, { vocabularySize: 290 }));
for await (const sequence of packDocuments(documents, tokenizer, { sequenceLength: 32 })) {
  const { ids, labels } = maskTokens(hostArray('int32', [1, 32], sequence), key(5), maskOptions(tokenizer));
  console.log(labels.data.length, tokenizer.decode(ids.data)); // 5 [CLS] It was the best[MASK] times,[SEP] it was[MASK] wors[MASK] of tim[MASK],
}
