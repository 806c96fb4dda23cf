/**
 * What a causal model learns from sequences: at each position the token that comes next.
 *
 *   ids int32 [batch, tokens] -> positions and labels int32 [batch, tokens - 1], labels[b, t] = ids[b, t + 1]
 *
 * The batch has the form of one of masked language modelling, so that one loss and one loop serve both; nothing is masked. The last
 * position is asked for nothing.
 */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import type { MaskedBatch } from './mask-tokens.ts';

export function nextTokenBatch(ids: HostArray<'int32'>): MaskedBatch {
  const [rows, tokens] = ids.shape;
  if (ids.shape.length !== 2 || rows === undefined || tokens === undefined || tokens < 2) {
    throw new GmlpError(
      'shape-mismatch',
      `nextTokenBatch: expected ids [batch, tokens] with at least 2 tokens, got [${ids.shape.join(', ')}]`,
      { shape: ids.shape },
    );
  }
  const width = tokens - 1;
  const positions = new Int32Array(rows * width);
  const labels = new Int32Array(rows * width);
  for (let index = 0; index < rows * width; index++) {
    const [row, position] = [Math.floor(index / width), index % width];
    positions[index] = position;
    labels[index] = ids.data[row * tokens + position + 1]!;
  }
  return { ids, positions: hostArray('int32', [rows, width], positions), labels: hostArray('int32', [rows, width], labels) };
}
