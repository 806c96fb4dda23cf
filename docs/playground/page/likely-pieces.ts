/** Pieces with their probabilities. */
import type { FilledMask } from '@gmlp/text';
import type { VNode } from 'vue';
import { bars } from './elements.ts';

/** A piece as people read it: ▁ is the space before a word. */
function shownPiece(piece: string): string {
  if (piece === '[SEP]') return '(the end)';
  return piece.replaceAll('▁', ' ').trim() || '(space)';
}

export function likelyPieces(label: string, guesses: FilledMask['guesses']): VNode {
  return bars(
    label,
    guesses.map(({ piece, probability }) => ({ name: shownPiece(piece), share: probability })),
  );
}
