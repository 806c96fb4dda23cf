/** A search that puts one token after the other, for each source until it ends: one target a source, in their order. */
import { askNext, type Decoded, expectSearch, type SearchOptions } from './next-log-probabilities.ts';

/** Which token comes next, from the logarithms of all probabilities; `position` is its place in the target, from 0. */
export type Choose = (row: ArrayLike<number>, place: { readonly source: number; readonly position: number }) => number;

export async function oneByOne(name: string, options: SearchOptions, choose: Choose): Promise<Decoded[]> {
  const { sources, begin, end, maximumTokens } = options;
  expectSearch(name, { sources, maximumTokens });
  const all = Array.from({ length: sources }, (_, source) => ({ source, ids: [begin], logProbability: 0, ended: false }));
  for (let position = 0; position < maximumTokens; position++) {
    const open = all.filter(({ ended }) => !ended);
    if (open.length === 0) break;
    const rows = await askNext(name, options, open);
    open.forEach((hypothesis, index) => {
      const row = rows[index]!;
      const id = choose(row, { source: hypothesis.source, position });
      hypothesis.logProbability += row[id]!;
      if (id === end) hypothesis.ended = true;
      else hypothesis.ids.push(id);
    });
  }
  return all.map(({ ids, logProbability, ended }) => ({ ids: ids.slice(1), logProbability, ended }));
}
