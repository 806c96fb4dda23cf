/** The model that knows only how often each token occurs, and its perplexity: the exponential of its mean loss in nats. */
import { GmlpError } from '@gmlp/base';

/** How often each id occurs in a text. */
export function countIds(ids: Iterable<number>, vocabulary: number): Float64Array {
  const counts = new Float64Array(vocabulary);
  for (const id of ids) {
    if (!(id >= 0 && id < vocabulary)) {
      throw new GmlpError('invalid-data', `countIds: expected ids from 0 to ${vocabulary - 1}, got ${id}`, { id, vocabulary });
    }
    counts[id]!++;
  }
  return counts;
}

/** ln p of each id with add-one smoothing: p(id) = (count + 1) / (total + vocabulary). */
export function unigramLogProbabilities(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0) + counts.length;
  return counts.map((count) => Math.log((count + 1) / total));
}

/** The unigram model's perplexity on labels; those equal to `ignoredLabel` do not count. */
export function unigramPerplexity(
  counts: Float64Array,
  labels: Iterable<number>,
  { ignoredLabel = -100 }: { readonly ignoredLabel?: number } = {},
): number {
  const logProbabilities = unigramLogProbabilities(counts);
  let sum = 0;
  let counted = 0;
  for (const label of labels) {
    if (label === ignoredLabel) continue;
    const logProbability = logProbabilities[label];
    if (logProbability === undefined) {
      throw new GmlpError('invalid-data', `unigramPerplexity: expected labels from 0 to ${counts.length - 1}, got ${label}`, {
        label,
      });
    }
    sum -= logProbability;
    counted++;
  }
  if (counted === 0) throw new GmlpError('invalid-data', 'unigramPerplexity: every label is ignored; nothing to measure');
  return Math.exp(sum / counted);
}
