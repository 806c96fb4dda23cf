/**
 * The likeliest way to cut a text into pieces of a unigram model (Viterbi over its characters), as in SentencePiece and
 * Hugging Face: a character that no piece covers alone may be unknown, at a score below all others.
 * https://arxiv.org/abs/1804.10959
 */
import type { PrefixTrie } from './prefix-trie.ts';

export interface UnigramPieces {
  readonly trie: PrefixTrie;
  /** Of the piece `id` that covers this span; undefined: it may not stand in a text. */
  score(id: number, text: string, from: number, to: number): number | undefined;
  readonly unknownScore: number;
  /** To the precision in which sums are kept. */
  round(sum: number): number;
}

/** Visits the spans from the first to the last, with their ids, or `unknown` (-1). */
export function bestPath(
  text: string,
  pieces: UnigramPieces,
): { readonly id: number; readonly from: number; readonly to: number }[] {
  const size = text.length;
  const best = new Float64Array(size + 1);
  const start = new Int32Array(size + 1).fill(-1);
  const piece = new Int32Array(size + 1);
  const offer = (from: number, to: number, id: number, exact: number): void => {
    const sum = pieces.round(exact);
    if (start[to] !== -1 && !(sum > best[to]!)) return;
    best[to] = sum;
    start[to] = from;
    piece[to] = id;
  };
  for (let from = 0; from < size; ) {
    const here = best[from]!;
    const next = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
    let alone = false;
    pieces.trie.visit(text, from, (to, id) => {
      const score = pieces.score(id, text, from, to);
      if (score === undefined) return;
      offer(from, to, id, score + here);
      if (to === next) alone = true;
    });
    if (!alone) offer(from, next, unknown, pieces.unknownScore + here);
    from = next;
  }
  const spans: { id: number; from: number; to: number }[] = [];
  for (let to = size; to > 0; to = start[to]!) spans.push({ id: piece[to]!, from: start[to]!, to });
  return spans.reverse();
}

export const unknown = -1;
