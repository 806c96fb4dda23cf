import type { Figures } from './objective.ts';

/** What is measured on the held-out samples after a step. */
export interface EvaluationRecord {
  readonly step: number;
  readonly figures: Figures;
  /** The same of the running average of the parameters, if one is kept. */
  readonly average?: Figures;
}

/** The figure by which an evaluation is the best. */
export interface BestBy {
  readonly figure: string;
  readonly better: 'lower' | 'higher';
}

/** The figure, the lower the better. */
export function badness({ figures }: EvaluationRecord, { figure, better }: BestBy): number {
  const value = figures[figure] ?? Number.NaN;
  return better === 'lower' ? value : -value;
}

/** The best one, of the parameters themselves; of equal ones the first. One whose figure is no number is none. */
export function bestEvaluation(evaluations: readonly EvaluationRecord[], by: BestBy): EvaluationRecord | undefined {
  let best: EvaluationRecord | undefined;
  for (const each of evaluations) {
    if (Number.isNaN(badness(each, by))) continue;
    if (best === undefined || badness(each, by) < badness(best, by)) best = each;
  }
  return best;
}
