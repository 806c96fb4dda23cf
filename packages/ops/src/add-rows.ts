/**
 * Adds rows to rows of a table in the host's memory: onto[r] += sum of updates[k] over all k with indices[k] = r.
 *
 * The sum of a row is taken in the order of k, in float64, and rounded to float32 once. An index that the table has no row for
 * adds nothing.
 */
export function addRows(onto: Float32Array, indices: Int32Array, updates: Float32Array, channels: number): void {
  const rows = channels === 0 ? 0 : onto.length / channels;
  const count = indices.length;
  // The places of a row's updates as a chain: the first of them, and from each to the next. `count` ends a chain.
  const last = new Int32Array(rows).fill(count);
  const next = new Int32Array(count).fill(count);
  const isFirst = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const row = indices[k]!;
    if (row < 0 || row >= rows) continue;
    const before = last[row]!;
    if (before === count) isFirst[k] = 1;
    else next[before] = k;
    last[row] = k;
  }
  const sums = new Float64Array(channels);
  for (let k = 0; k < count; k++) {
    if (isFirst[k] === 0) continue;
    sums.fill(0);
    for (let at = k; at < count; at = next[at]!) {
      const start = at * channels;
      for (let c = 0; c < channels; c++) sums[c] = sums[c]! + updates[start + c]!;
    }
    const start = indices[k]! * channels;
    for (let c = 0; c < channels; c++) onto[start + c] = onto[start + c]! + Math.fround(sums[c]!);
  }
}
