import { GmlpError, type HostArray } from '@gmlp/base';

/** Throws unless every id is a piece of the vocabulary: to be called on the host, before ids reach a device. */
export function checkTokenIds(ids: HostArray, vocabulary: number): void {
  if (ids.dtype !== 'int32') {
    throw new GmlpError('shape-mismatch', `checkTokenIds: expected int32 ids, got ${ids.dtype}`, { dtype: ids.dtype });
  }
  const index = ids.data.findIndex((id) => id < 0 || id >= vocabulary);
  if (index === -1) return;
  throw new GmlpError(
    'invalid-data',
    `checkTokenIds: id ${ids.data[index]} at element ${index} is outside 0 … ${vocabulary - 1}; ` +
      'were the tokens made with this model’s tokenizer?',
    { id: ids.data[index], index, vocabulary },
  );
}
