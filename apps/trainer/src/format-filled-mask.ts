import { formatNumber } from '@gmlp/base';
import type { FilledMask } from '@gmlp/text';

/** The sentence around the mask, and below it the pieces with their probabilities. */
export function formatFilledMask({ before, after, guesses }: FilledMask): string {
  const list = guesses.map(({ piece, probability }) => `${piece} ${formatNumber(Number((100 * probability).toFixed(1)))} %`);
  return `${before}[MASK]${after}\n    ${list.join('  ')}`;
}
