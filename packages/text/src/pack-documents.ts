/** Documents -> sequences of one length (sequence-packer.ts), as they come. */
import { sequencePacker } from './sequence-packer.ts';
import type { Texts } from './text-document.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface PackOptions {
  readonly sequenceLength: number;
}

export async function* packDocuments(
  texts: Texts,
  tokenizer: Tokenizer,
  { sequenceLength }: PackOptions,
): AsyncGenerator<Int32Array, void, undefined> {
  const packer = sequencePacker(tokenizer, sequenceLength);
  for await (const { text } of texts) yield* packer.add(tokenizer.encode(text, { specialTokens: false }));
}
