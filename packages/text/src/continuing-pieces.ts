/** Which pieces go on with the word before them: by the mark that the pieces of a tokenizer have, at the start of a word or inside one. */
import { metaspace } from './metaspace.ts';
import type { Tokenizer } from './tokenizer.ts';

/** WordPiece marks what goes on with a word (`##ing`); SentencePiece (▁) and byte-level BPE (Ġ) mark what begins one. */
const marks = ['##', metaspace, 'Ġ'] as const;

/** By id, 1 for a piece that goes on with a word. The mark that most pieces have is the tokenizer's. */
export function continuingPieces(tokenizer: Pick<Tokenizer, 'vocabularySize' | 'pieceOf'>): Uint8Array {
  const pieces = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.pieceOf(id));
  const counts = marks.map((mark) => pieces.reduce((sum, piece) => sum + Number(piece.startsWith(mark)), 0));
  const mark = marks[counts.indexOf(Math.max(...counts))]!;
  return Uint8Array.from(pieces, (piece) => Number(piece.startsWith(mark) === (mark === '##')));
}
