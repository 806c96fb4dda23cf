/** Where in a word its pieces stand. */
export interface PieceSpan {
  readonly id: number;
  /** In UTF-16 units of the word. */
  readonly from: number;
  readonly to: number;
}

export interface BytePairs {
  readonly idOf: ReadonlyMap<string, number>;
  pieceOf(id: number): string;
  /** How many pieces spell the bytes of a character that is none itself; 0: it is unknown. */
  byteCount(character: string): number;
  /** What stands for unknown characters: a piece for each, one for all that follow each other, or nothing. */
  readonly unknown: 'each' | 'fused' | 'none';
}

/** Of the ids that byte-pair merges gave for the word. The pieces that spell the bytes of a character all stand where it does. */
export function bytePairSpans(word: string, ids: Int32Array, { idOf, pieceOf, byteCount, unknown }: BytePairs): PieceSpan[] {
  const spans: PieceSpan[] = [];
  let next = 0;
  let afterUnknown = false;
  for (let from = 0; from < word.length; ) {
    const character = String.fromCodePoint(word.codePointAt(from)!);
    const known = idOf.has(character);
    const to = from + (known ? pieceOf(ids[next]!).length : character.length);
    const bytes = known ? 0 : byteCount(character);
    if (known) spans.push({ id: ids[next++]!, from, to });
    else if (bytes > 0) for (let i = 0; i < bytes; i++) spans.push({ id: ids[next++]!, from, to });
    else if (unknown === 'fused' && afterUnknown) spans.push({ ...spans.pop()!, to });
    else if (unknown !== 'none') spans.push({ id: ids[next++]!, from, to });
    afterUnknown = !known && bytes === 0;
    from = to;
  }
  return spans;
}
