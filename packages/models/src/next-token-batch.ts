/**
 * What a causal model learns from sequences: at each position the token that comes next.
 *
 *   ids int32 [batch, tokens] -> labels int32 [batch, tokens], labels[b, t] = ids[b, t + 1]
 *
 * The last position has no label, nor has one whose next token is padding. The loss is cross-entropy over the labels that count:
 * `softmaxCrossEntropy(model.apply(params, { ids }, context), labels)`.
 */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';

/** As `softmaxCrossEntropy` knows it. */
const ignoredLabel = -100;

export interface NextTokenBatch {
  readonly ids: HostArray<'int32'>;
  readonly labels: HostArray<'int32'>;
}

export interface NextTokenOptions {
  /** The id that fills sequences up; nothing is padding when left out. */
  readonly padding?: number | undefined;
}

export function nextTokenBatch(ids: HostArray<'int32'>, { padding }: NextTokenOptions = {}): NextTokenBatch {
  const { shape, data } = ids;
  const tokens = shape[1];
  if (shape.length !== 2 || tokens === undefined || tokens < 2) {
    throw new GmlpError(
      'shape-mismatch',
      `nextTokenBatch: expected ids [batch, tokens] with at least 2 tokens, got [${shape.join(', ')}]`,
      { shape },
    );
  }
  const labels = data.map((_, index) => {
    const next = data[index + 1];
    return (index + 1) % tokens === 0 || next === undefined || next === padding ? ignoredLabel : next;
  });
  return { ids, labels: hostArray('int32', shape, labels) };
}
