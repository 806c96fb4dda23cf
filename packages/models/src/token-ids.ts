/** Checks of ids on the host, before they reach a device. A GPU reads whatever lies where an id points. */
import { expectIndices, GmlpError, type HostArray } from '@gmlp/base';

/** Throws unless every id is a piece of the vocabulary. */
export function checkTokenIds(ids: HostArray, vocabulary: number): void {
  check('checkTokenIds', 'id', ids, vocabulary, 'were the tokens made with this model’s tokenizer?');
}

/** Throws unless every id is of a segment that the model has: `segments` of its config. */
export function checkSegments(ids: HostArray, segments: number): void {
  const advice = segments === 0 ? 'the model has no embedding of segments: leave them out' : 'number the segments from 0';
  check('checkSegments', 'segment', ids, segments, advice);
}

function check(source: string, what: string, ids: HostArray, count: number, advice: string): void {
  if (ids.dtype !== 'int32') {
    throw new GmlpError('shape-mismatch', `${source}: expected int32 ${what}s, got ${ids.dtype}`, { dtype: ids.dtype });
  }
  expectIndices(source, ids.data, { what, count, advice });
}
