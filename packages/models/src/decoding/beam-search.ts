/**
 * Beam search with a length penalty (Vaswani and others, 2017, section 6.1; Wu and others, 2016, equation 14): of all targets
 * that were found the one with the best
 *
 *   score(Y) = log P(Y | X) / lp(Y),   lp(Y) = ((5 + |Y|) / 6)^alpha,   |Y| the tokens of Y, its end included
 *
 * At every length the continuations of a source's open hypotheses are ranked by log P, and as many of the first are kept as the
 * beam is wide, less the targets found already: those that end are found, the others stay open. So a found target never pushes out
 * a likelier one that is still open. A source is done when nothing is open, or at the most tokens, where open hypotheses count as
 * they are. With a width of 1 this is greedy search; with one of all targets, an exact search.
 */
import { GmlpError, indicesOfLargest } from '@gmlp/base';
import { askNext, type Decoded, expectSearch, type Hypothesis, type SearchOptions } from './next-log-probabilities.ts';

export interface BeamSearchOptions extends SearchOptions {
  /** How many hypotheses a source has at most, open and found: the paper's 4. */
  readonly width: number;
  /** Of the length penalty, at least 0: 0 for none; the paper's 0.6 by default. */
  readonly alpha?: number;
}

export interface BeamDecoded extends Decoded {
  readonly score: number;
}

interface Open extends Hypothesis {
  readonly logProbability: number;
}

/** For each source the targets that were found, the best first; `width` at most. */
export async function beamSearch({ width, alpha = 0.6, ...options }: BeamSearchOptions): Promise<BeamDecoded[][]> {
  const { sources, begin, end, maximumTokens } = options;
  expectSearch('beamSearch', { sources, maximumTokens, width });
  if (!(Number.isFinite(alpha) && alpha >= 0)) {
    throw new GmlpError('invalid-argument', `beamSearch: expected alpha to be a number of at least 0, got ${String(alpha)}`, {
      alpha,
    });
  }
  const found: BeamDecoded[][] = Array.from({ length: sources }, () => []);
  const finish = ({ source, ids, logProbability }: Open, ended: boolean): void => {
    const tokens = ids.length - 1 + (ended ? 1 : 0);
    found[source]!.push({ ids: ids.slice(1), logProbability, ended, score: logProbability / lengthPenalty(tokens, alpha) });
  };

  let open: Open[] = found.map((_, source) => ({ source, ids: [begin], logProbability: 0 }));
  for (let length = 0; length < maximumTokens && open.length > 0; length++) {
    const rows = await askNext('beamSearch', options, open);
    const candidates: { readonly from: Open; readonly id: number; readonly logProbability: number }[][] = found.map(() => []);
    open.forEach((from, index) => {
      const row = rows[index]!;
      for (const id of indicesOfLargest(row, width)) {
        candidates[from.source]!.push({ from, id, logProbability: from.logProbability + row[id]! });
      }
    });
    open = candidates.flatMap((ofSource, source) => {
      const kept = ofSource.sort((a, b) => b.logProbability - a.logProbability).slice(0, width - found[source]!.length);
      for (const { from, id, logProbability } of kept) if (id === end) finish({ ...from, logProbability }, true);
      return kept.flatMap(({ from, id, logProbability }) =>
        id === end ? [] : [{ source, ids: [...from.ids, id], logProbability }],
      );
    });
  }
  for (const hypothesis of open) finish(hypothesis, false);
  return found.map((targets) => targets.sort((a, b) => b.score - a.score));
}

function lengthPenalty(tokens: number, alpha: number): number {
  return ((5 + tokens) / 6) ** alpha;
}
