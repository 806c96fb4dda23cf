/** Text <-> ids, whatever file it was read from. */
import { GmlpError } from '@gmlp/base';

export interface Tokenizer {
  readonly vocabularySize: number;
  /** '[MASK]' and the others, by their text. */
  readonly specialIds: ReadonlyMap<string, number>;
  /** With `specialTokens: false` a '[MASK]' in the text is six characters, as it should be in text from the web. */
  encode(text: string, options?: { readonly specialTokens?: boolean }): Int32Array;
  /** Ids with what the file's post-processor puts around one text: BERT's [CLS] and [SEP]. The same ids where it has none. */
  framed(ids: ArrayLike<number>): Int32Array;
  /** The inverse, for our own files, but for one space at the start, ▁ (a space), and half surrogate pairs (U+FFFD). */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  pieceOf(id: number): string;
  idOf(piece: string): number | undefined;
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
