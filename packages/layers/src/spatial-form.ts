/** How a block's map of the tokens is held: known from the parameter's name and shape, whichever family it belongs to. */

/**
 * toeplitz: w [2 tokens - 1], W[i, j] = w[(tokens - 1) + (j - i)]
 * dense:    W [tokens, tokens], row i is what token i takes from each token
 * hidden:   W [tokens, hidden], column h is what hidden unit h of a Mixer block takes from each token
 */
export type SpatialForm = 'toeplitz' | 'dense' | 'hidden';

/** Of a parameter that maps tokens; undefined for any other. */
export function spatialForm(
  name: string,
  shape: readonly number[],
): { readonly block: number; readonly form: SpatialForm } | undefined {
  const [, block, layer] = /^blocks\.(\d+)\.(?:gate\.)?(spatial|tokenMixing\.expand)\.weight$/.exec(name) ?? [];
  if (block === undefined) return undefined;
  const form = layer !== 'spatial' ? 'hidden' : shape.length === 1 ? 'toeplitz' : 'dense';
  return { block: Number(block), form };
}
