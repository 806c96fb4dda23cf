/** Text <-> ids, whatever file it was read from. */
import { GmlpError } from '@gmlp/base';

/** The pieces of a text, and where each stands in it. */
export interface EncodedText {
  readonly ids: Int32Array;
  /**
   * Where what a piece was made of begins, and where it ends, in UTF-16 units of the text. The space that a ▁ at the head of a piece stands for is
   * not counted with it; pieces that spell the bytes of one character have all the place of that character.
   */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface Tokenizer {
  readonly vocabularySize: number;
  /** '[MASK]' and the others, by their text. */
  readonly specialIds: ReadonlyMap<string, number>;
  /** With `specialTokens: false` a '[MASK]' in the text is six characters, as it should be in text from the web. */
  encode(text: string, options?: { readonly specialTokens?: boolean }): Int32Array;
  /**
   * `encode`, with the places of the pieces. Of a WordPiece tokenizer these are the offsets that Hugging Face's `tokenizers` gives. Throws
   * `invalid-argument`, naming the part, where a file has one that keeps no places: SentencePiece's own files, `Precompiled`, `ByteLevel`.
   */
  encodeWithOffsets(text: string, options?: { readonly specialTokens?: boolean }): EncodedText;
  /** Ids with what the file's post-processor puts around one text: BERT's [CLS] and [SEP]. The same ids where it has none. */
  framed(ids: ArrayLike<number>): Int32Array;
  /** The inverse, for our own files, but for one space at the start, ▁ (a space), and half surrogate pairs (U+FFFD). */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  pieceOf(id: number): string;
  idOf(piece: string): number | undefined;
}

/** The error of a tokenizer whose file, or the part of it that is named, keeps no places. */
export function withoutOffsets(part: string): GmlpError {
  return new GmlpError(
    'invalid-argument',
    `encodeWithOffsets: ${part} does not keep where in the text its pieces are from; take a WordPiece tokenizer, or one that trainTokenizer or trainUnigramTokenizer made`,
    { part },
  );
}

/** The id of a special token, or an error that names those that there are. */
export function specialId(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.specialIds.get(token);
  if (id !== undefined) return id;
  const known = [...tokenizer.specialIds.keys()].join(' ');
  throw new GmlpError('invalid-argument', `specialId: the tokenizer has no special token ${token}; it has ${known || 'none'}`, {
    token,
  });
}

/** Throws `shape-mismatch` unless the tokenizer has just as many pieces as the model (or the packed file) has rows. */
export function expectVocabulary(tokenizer: Pick<Tokenizer, 'vocabularySize'>, vocabularySize: number): void {
  if (tokenizer.vocabularySize === vocabularySize) return;
  throw new GmlpError(
    'shape-mismatch',
    `expectVocabulary: the tokenizer has ${tokenizer.vocabularySize} pieces, expected ${vocabularySize}; ` +
      'use the tokenizer.json that was saved with the model, or a model of this vocabulary size',
    { expected: vocabularySize, actual: tokenizer.vocabularySize },
  );
}
