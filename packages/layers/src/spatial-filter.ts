/** The spatial weights of each block as full matrices [tokens, tokens], whichever way the model holds them. */
import type { HostArray } from '@gmlp/base';

export interface SpatialFilter {
  /** W [tokens, tokens], row by row. */
  readonly matrix: Float32Array;
  readonly tokens: number;
}

/** W[i, j] = w[(tokens - 1) + (j - i)] from the Toeplitz vector, W itself otherwise. */
export function spatialFilter(weight: HostArray, tokens: number): SpatialFilter {
  if (weight.shape.length === 2) return { matrix: weight.data as Float32Array, tokens };
  const matrix = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) {
    for (let j = 0; j < tokens; j++) matrix[i * tokens + j] = weight.data[tokens - 1 + j - i]!;
  }
  return { matrix, tokens };
}
