import { metaspace } from './metaspace.ts';
import type { Tokenizer } from './tokenizer.ts';
import { bytePieces } from './tokenizer-json.ts';

/** How many bytes of text (UTF-8) each id stands for, by id: a special token none, a byte piece one, the ▁ of a word its space. */
export function pieceBytes({
  vocabularySize,
  specialIds,
  pieceOf,
}: Pick<Tokenizer, 'vocabularySize' | 'specialIds' | 'pieceOf'>): Float64Array {
  const special = new Set(specialIds.values());
  const single = new Set(bytePieces);
  const encoder = new TextEncoder();
  return Float64Array.from({ length: vocabularySize }, (_, id) => {
    if (special.has(id)) return 0;
    const piece = pieceOf(id);
    return single.has(piece) ? 1 : encoder.encode(piece.replaceAll(metaspace, ' ')).length;
  });
}
