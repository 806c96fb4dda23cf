/** The likeliest token after the other, for each source until it ends: one target a source, in their order. */
import { likeliest } from './likeliest.ts';
import { askNext, type Decoded, expectSearch, type SearchOptions } from './next-log-probabilities.ts';

export async function greedySearch(options: SearchOptions): Promise<Decoded[]> {
  const { sources, begin, end, maximumTokens } = options;
  expectSearch('greedySearch', { sources, maximumTokens });
  const all = Array.from({ length: sources }, (_, source) => ({ source, ids: [begin], logProbability: 0, ended: false }));
  for (let length = 0; length < maximumTokens; length++) {
    const open = all.filter(({ ended }) => !ended);
    if (open.length === 0) break;
    const rows = await askNext('greedySearch', options, open);
    open.forEach((hypothesis, index) => {
      const row = rows[index]!;
      const id = likeliest(row, 1)[0]!;
      hypothesis.logProbability += row[id]!;
      if (id === end) hypothesis.ended = true;
      else hypothesis.ids.push(id);
    });
  }
  return all.map(({ ids, logProbability, ended }) => ({ ids: ids.slice(1), logProbability, ended }));
}
