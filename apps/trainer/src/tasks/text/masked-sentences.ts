/** Passages of packed text with one whole word masked, and that word: what a report asks a model. */
import type { Tokenizer } from '@gmlp/text';
import { evenlySpread } from '../../evenly-spread.ts';
import type { PackedRows } from './text-form.ts';

export interface MaskedSentence {
  /** With one [MASK]. */
  readonly sentence: string;
  /** The piece that the mask took the place of. */
  readonly answer: string;
}

/** Pieces on either side of a mask. */
const around = 14;
/** Shorter words say little. */
const letters = 4;

/** At most `count`, evenly over the text; a sequence without a word of one piece gives none. */
export async function maskedSentences(
  { count: sequences, sequenceLength, sequence }: Pick<PackedRows, 'count' | 'sequenceLength' | 'sequence'>,
  tokenizer: Tokenizer,
  count: number,
): Promise<readonly MaskedSentence[]> {
  const found: MaskedSentence[] = [];
  for (const number of evenlySpread(sequences, count)) {
    const ids = await sequence(number);
    const sentence = maskedIn(ids, Math.min(around, (sequenceLength >> 1) - 3), tokenizer);
    if (sentence !== undefined) found.push(sentence);
  }
  return found;
}

/** The word that is nearest to the middle. */
function maskedIn(ids: Int32Array, width: number, tokenizer: Tokenizer): MaskedSentence | undefined {
  const special = new Set(tokenizer.specialIds.values());
  const begins = (index: number): boolean => tokenizer.pieceOf(ids[index]!).startsWith('▁');
  const isWord = (index: number): boolean =>
    new RegExp(`^▁\\p{L}{${letters},}$`, 'u').test(tokenizer.pieceOf(ids[index]!)) && begins(index + 1);
  const middle = ids.length >> 1;
  const places = Array.from({ length: Math.max(ids.length - 2 * width - 1, 0) }, (_, i) => i + width).sort(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle),
  );
  for (const place of places) {
    const window = ids.subarray(place - width, place + width + 1);
    if (!isWord(place) || window.some((id) => special.has(id))) continue;
    const [before, after] = [window.subarray(0, width), window.subarray(width + 1)].map((part) => tokenizer.decode(part).trim());
    // Text that happens to hold a mask of its own would be asked twice.
    if (`${before}${after}`.includes('[MASK]')) continue;
    return { sentence: `${before} [MASK] ${after}`, answer: tokenizer.pieceOf(ids[place]!) };
  }
  return undefined;
}
