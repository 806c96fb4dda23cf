/**
 * A square of vectors as one of another size, by bicubic interpolation; what is made smaller is smoothed over the span that a place of
 * the result covers. So timm takes the positions of a ViT to another image size (`resample_abs_pos_embed`).
 */
import { type ResamplingShares, resamplingShares } from '@gmlp/vision';

/** `[old, old, channels]` to `[side, side, channels]`; first along the rows, then along the columns, as separable as the filter is. */
export function resampledGrid(data: Float32Array, old: number, side: number, channels: number): Float32Array {
  const places = Array.from({ length: side }, (_, place): ResamplingShares => resamplingShares(old, side, place, 'bicubic'));
  const across = new Float32Array(old * side * channels);
  for (let row = 0; row < old; row++) {
    for (const [column, { begin, shares }] of places.entries()) {
      for (const [i, weight] of shares.entries()) {
        for (let channel = 0; channel < channels; channel++) {
          across[(row * side + column) * channels + channel]! += weight * data[(row * old + begin + i) * channels + channel]!;
        }
      }
    }
  }
  const result = new Float32Array(side * side * channels);
  const line = side * channels;
  for (const [row, { begin, shares }] of places.entries()) {
    for (const [i, weight] of shares.entries()) {
      for (let at = 0; at < line; at++) result[row * line + at]! += weight * across[(begin + i) * line + at]!;
    }
  }
  return result;
}
