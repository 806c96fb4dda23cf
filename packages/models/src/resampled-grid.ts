/**
 * A square of vectors as one of another size, by bicubic interpolation (Keys, a = -0.5); what is made smaller is smoothed over the span
 * that a place of the result covers. So timm takes the positions of a ViT to another image size (`resample_abs_pos_embed`).
 */

/** `[old, old, channels]` to `[side, side, channels]`; first along the rows, then along the columns, as separable as the filter is. */
export function resampledGrid(data: Float32Array, old: number, side: number, channels: number): Float32Array {
  const weights = weightsOf(old, side);
  const across = new Float32Array(old * side * channels);
  for (let row = 0; row < old; row++) {
    for (let column = 0; column < side; column++) {
      for (const [from, weight] of weights[column]!) {
        for (let channel = 0; channel < channels; channel++) {
          across[(row * side + column) * channels + channel]! += weight * data[(row * old + from) * channels + channel]!;
        }
      }
    }
  }
  const result = new Float32Array(side * side * channels);
  const line = side * channels;
  for (let row = 0; row < side; row++) {
    for (const [from, weight] of weights[row]!) {
      for (let at = 0; at < line; at++) result[row * line + at]! += weight * across[from * line + at]!;
    }
  }
  return result;
}

/** For each place of the result the places that it is made of, with their weights, whose sum is 1. */
function weightsOf(old: number, side: number): readonly (readonly (readonly [from: number, weight: number])[])[] {
  const scale = old / side;
  const stretch = Math.max(1, scale);
  const reach = 2 * stretch;
  return Array.from({ length: side }, (_, place) => {
    const center = (place + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(old, Math.trunc(center + reach + 0.5));
    const shares = Array.from({ length: end - begin }, (__, i) => keys((begin + i - center + 0.5) / stretch));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share, i) => [begin + i, share / sum] as const);
  });
}

function keys(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}
