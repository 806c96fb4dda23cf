/** Tokens drawn one after the other, for each source until it ends: one target a source, in their order. */
import { type Key, split } from '@gmlp/base';
import type { Decoded, SearchOptions } from './next-log-probabilities.ts';
import { oneByOne } from './one-by-one.ts';
import { expectSampling, type SampleOptions, sampleNextToken } from './sample-next-token.ts';

export interface SamplingSearchOptions extends SearchOptions, SampleOptions {
  /** Decides every draw: that at a position of a source's target is `split(split(key, source), position)`'s. */
  readonly key: Key;
}

/** The same key gives the same targets; that of a source does not depend on which others there are. */
export async function samplingSearch({ key, ...options }: SamplingSearchOptions): Promise<Decoded[]> {
  expectSampling('samplingSearch', options);
  return oneByOne('samplingSearch', options, (row, { source, position }) =>
    sampleNextToken(row, split(split(key, source), position), options),
  );
}
