/** Checks of the tensors of ids that reach a model: their type and shape. What ids there are is checked on the host (token-ids.ts). */
import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';

interface ExpectedIds {
  /** Who expects them. */
  readonly source: string;
  readonly name: string;
  readonly tokens: number;
  /** Whether a sequence may be shorter than `tokens`. */
  readonly length: 'exact' | 'at-most';
}

/** Throws unless the ids are int32 [batch, tokens]. */
export function expectIds(ids: Tensor, { source, name, tokens, length }: ExpectedIds): void {
  const extent = length === 'exact' ? tokens : 'tokens';
  if (ids.rank !== 2 || ids.dtype !== 'int32') {
    throw new GmlpError(
      'shape-mismatch',
      `${source}: expected ${name} int32 [batch, ${extent}], got ${ids.dtype} [${ids.shape.join(', ')}]`,
      { name, shape: ids.shape, dtype: ids.dtype },
    );
  }
  const got = ids.shape[1]!;
  const fits = length === 'exact' ? got === tokens : got <= tokens;
  if (fits) return;
  const [expected, change] = length === 'exact' ? [`${tokens}`, 'pad or cut'] : [`at most ${tokens}`, 'cut'];
  throw new GmlpError(
    'shape-mismatch',
    `${source}: expected ${name} in sequences of ${expected} tokens, got ${got}; ${change} them to ${tokens}, ` +
      `or create the model with tokens: ${got}`,
    { name, expected: tokens, got },
  );
}

/** Throws unless a tensor has one value of the type for each id. */
export function expectLikeIds(
  given: Tensor,
  {
    source,
    name,
    ids,
    dtype,
  }: { readonly source: string; readonly name: string; readonly ids: Tensor; readonly dtype: 'int32' | 'bool' },
): void {
  const shape = ids.shape.join(', ');
  if (given.dtype === dtype && given.shape.join(', ') === shape) return;
  throw new GmlpError(
    'shape-mismatch',
    `${source}: expected ${name} ${dtype} [${shape}], one for each id, got ${given.dtype} [${given.shape.join(', ')}]`,
    { name, shape: given.shape, dtype: given.dtype },
  );
}
