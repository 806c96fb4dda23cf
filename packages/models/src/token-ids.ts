/** Checks of ids on the host, before they reach a device. A GPU reads whatever lies where an id points. */
import { expectIndices, GmlpError, type HostArray } from '@gmlp/base';

/** Throws unless every id is a piece of the vocabulary. */
export function checkTokenIds(ids: HostArray, vocabulary: number): void {
  const source = 'checkTokenIds';
  if (ids.dtype !== 'int32') {
    throw new GmlpError('shape-mismatch', `${source}: expected int32 ids, got ${ids.dtype}`, { dtype: ids.dtype });
  }
  const advice = 'were the tokens made with this model’s tokenizer?';
  expectIndices(source, ids.data, { what: 'id', count: vocabulary, advice });
}
