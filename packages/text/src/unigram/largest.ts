/** Which of `scores` are the `most` largest, in the order in which they stand; of equal ones the first. */
export function largest(scores: Float64Array, most: number): Int32Array {
  if (scores.length <= most) return Int32Array.from(scores, (_, index) => index);
  if (most <= 0) return new Int32Array();
  const least = scores.slice().sort()[scores.length - most]!;
  let above = 0;
  for (const score of scores) if (score > least) above++;
  let [equal, found] = [most - above, 0];
  const chosen = new Int32Array(most);
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (score > least || (score === least && equal-- > 0)) chosen[found++] = index;
  }
  return chosen;
}
