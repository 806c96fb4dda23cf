/** Documents -> tokenizer -> packed sequences, all in memory: the browser's counterpart of the trainer's prepared text. */
import { GmlpError } from '@gmlp/base';
import { type PackedSequences, packDocuments, packedInMemory, type Tokenizer, trainTokenizer } from '@gmlp/text';

/** Pieces of a tokenizer that is trained here. */
const vocabularySize = 2048;

/** The text of a tokenizer.json, of fewer pieces where the text has no more to give. */
export async function tokenizerOf(texts: readonly string[]): Promise<string> {
  const documents = texts.map((text) => ({ text }));
  const train = async (pieces: number): Promise<string> =>
    JSON.stringify(await trainTokenizer(documents, { vocabularySize: pieces }));
  try {
    return await train(vocabularySize);
  } catch (error) {
    const pieces = GmlpError.isInstance(error) && error.code === 'invalid-data' ? error.fields['pieces'] : undefined;
    if (typeof pieces !== 'number') throw error;
    return train(pieces);
  }
}

export async function packTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  tokens: number,
  batchSize: number,
): Promise<PackedSequences> {
  const sequences: Int32Array[] = [];
  const documents = texts.map((text) => ({ text }));
  for await (const sequence of packDocuments(documents, tokenizer, { sequenceLength: tokens })) sequences.push(sequence);
  if (sequences.length < batchSize) {
    throw new GmlpError(
      'invalid-data',
      `The text gives ${sequences.length} sequences of ${tokens} tokens; a step needs ${batchSize}. Give a longer text.`,
    );
  }
  return packedInMemory(sequences, tokenizer.vocabularySize);
}
