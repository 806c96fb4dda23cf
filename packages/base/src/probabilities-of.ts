/** The softmax of scores, in double precision: p_i = exp(s_i) / sum_j exp(s_j). */
export function probabilitiesOf(scores: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(scores);
  const largest = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const shares = values.map((value) => Math.exp(value - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
