/** The likeliest token after the other, for each source until it ends: one target a source, in their order. */
import { indicesOfLargest } from '@gmlp/base';
import type { Decoded, SearchOptions } from './next-log-probabilities.ts';
import { oneByOne } from './one-by-one.ts';

export function greedySearch(options: SearchOptions): Promise<Decoded[]> {
  return oneByOne('greedySearch', options, (row) => indicesOfLargest(row, 1)[0]!);
}
