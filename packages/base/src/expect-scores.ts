import { GmlpError } from './errors.ts';

/**
 * Throws `numerical` unless the scores rank what they are for: none is NaN, and the largest is finite. One of -Infinity stands for
 * what cannot come. Compared with NaN nothing is larger, so that a search would go on with whatever is first.
 */
export function expectScores(source: string, scores: ArrayLike<number>): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at]!;
    if (score > largest) largest = score;
    else if (Number.isNaN(score)) throw unranked(source, `NaN at place ${at}`, { at });
  }
  if (!Number.isFinite(largest)) {
    throw unranked(source, scores.length === 0 ? 'none' : `${largest} as the largest`, { largest, count: scores.length });
  }
}

function unranked(source: string, found: string, fields: Readonly<Record<string, number>>): GmlpError {
  return new GmlpError(
    'numerical',
    `${source}: expected scores that are numbers, got ${found}; do the parameters hold NaN or infinity?`,
    fields,
  );
}
