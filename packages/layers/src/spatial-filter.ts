/** The spatial weights of each block as full matrices [tokens, tokens], whichever way the model holds them. */
import type { HostArray } from '@gmlp/base';

export interface SpatialFilter {
  /** W [tokens, tokens], row by row. */
  readonly matrix: Float32Array;
  readonly tokens: number;
}

/**
 * W[i, j] = w[(tokens - 1) + (j - i)] from the Toeplitz vector, W itself otherwise. Of a causal model nothing counts above the diagonal,
 * whatever its weights hold there: it is zero.
 */
export function spatialFilter(
  weight: HostArray,
  tokens: number,
  { causal = false }: { readonly causal?: boolean } = {},
): SpatialFilter {
  const dense = weight.shape.length === 2;
  const matrix = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) {
    for (let j = 0; j < (causal ? i + 1 : tokens); j++) {
      matrix[i * tokens + j] = weight.data[dense ? i * tokens + j : tokens - 1 + j - i]!;
    }
  }
  return { matrix, tokens };
}
