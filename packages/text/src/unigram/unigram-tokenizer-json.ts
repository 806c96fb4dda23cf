/**
 * A unigram model in the form of Hugging Face's tokenizer.json: byte fallback, words marked with ▁, no normalisation, special tokens.
 * `tokenizers` (native) loads it as it is; `@huggingface/tokenizers` too, which gives unk_id in place of bytes.
 */
import { bytePieces, type TokenizerJson, tokenizerFrame } from '../tokenizer-json.ts';
import type { UnigramPiece } from './train-unigram.ts';

export interface UnigramTokenizerJson extends Omit<TokenizerJson, 'model'> {
  readonly model: {
    readonly type: 'Unigram';
    readonly unk_id: number;
    readonly byte_fallback: true;
    /** By id, with ln p. */
    readonly vocab: readonly (readonly [piece: string, score: number])[];
  };
}

/**
 * Ids in this order: special tokens, the 256 bytes, the pieces. Each character of the names of special tokens and bytes must be a piece:
 * they have a score that is less than that of their characters together, so that no text is ever cut into a name.
 */
export function unigramTokenizerJson(specialTokens: readonly string[], pieces: readonly UnigramPiece[]): UnigramTokenizerJson {
  const names = [...specialTokens, ...bytePieces];
  const least = pieces.reduce((lowest, { score }) => Math.min(lowest, score), -1);
  const longest = names.reduce((most, name) => Math.max(most, [...name].length), 0);
  const unused = least * (longest + 1);
  const unknown = specialTokens.indexOf('[UNK]');
  return {
    ...tokenizerFrame(specialTokens),
    model: {
      type: 'Unigram',
      unk_id: Math.max(unknown, 0), // never given, as each byte has a piece
      byte_fallback: true,
      vocab: [...names.map((name) => [name, unused] as const), ...pieces.map(({ piece, score }) => [piece, score] as const)],
    },
  };
}
