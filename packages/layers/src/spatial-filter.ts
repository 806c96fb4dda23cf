/** The spatial weights of each block as full matrices, whichever way the model holds them. */
import type { HostArray } from '@gmlp/base';
import type { SpatialForm } from './spatial-form.ts';

export interface SpatialFilter {
  /** W [rows, tokens], row by row: what each row takes from each token. */
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly tokens: number;
  /** What the rows are: the tokens themselves, or the hidden units of a Mixer block. */
  readonly of: 'tokens' | 'hidden units';
}

/**
 * toeplitz: W[i, j] = w[(tokens - 1) + (j - i)]; dense: W itself; hidden: W transposed, so that a hidden unit is a row. Of a causal
 * model nothing counts above the diagonal, whatever its weights hold there: it is zero.
 */
export function spatialFilter(
  { data, shape }: HostArray,
  form: SpatialForm,
  { causal = false }: { readonly causal?: boolean } = {},
): SpatialFilter {
  const [first = 0, second = 0] = shape;
  const tokens = form === 'toeplitz' ? (first + 1) / 2 : first;
  const rows = form === 'hidden' ? second : tokens;
  const place: Readonly<Record<SpatialForm, (row: number, token: number) => number>> = {
    toeplitz: (row, token) => tokens - 1 + token - row,
    dense: (row, token) => row * tokens + token,
    hidden: (row, token) => token * rows + row,
  };
  const seen = (row: number): number => (causal && form !== 'hidden' ? row + 1 : tokens);
  const matrix = new Float32Array(rows * tokens);
  for (let row = 0; row < rows; row++) {
    for (let token = 0; token < seen(row); token++) matrix[row * tokens + token] = data[place[form](row, token)]!;
  }
  return { matrix, rows, tokens, of: form === 'hidden' ? 'hidden units' : 'tokens' };
}
