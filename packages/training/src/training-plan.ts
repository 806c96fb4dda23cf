/** What a run of training is to do, as far as no task has a say in it. */
import type { BestBy } from './evaluation-record.ts';
import type { OptimiserSettings } from './optimiser-settings.ts';

/** Plain JSON. */
export interface TrainingPlan {
  readonly seed: number;
  readonly steps: number;
  /** Micro-batches of a step. */
  readonly accumulate: number;
  /** A record every so many steps. */
  readonly recordEvery: number;
  readonly optimiser: OptimiserSettings;
  /** Null: nothing is held out, and no checkpoint is the best. */
  readonly evaluation: EvaluationPlan | null;
  /** Every so many steps, after the last and after the best evaluation. */
  readonly checkpoints: { readonly every: number };
}

export interface EvaluationPlan {
  /** Every so many steps, and after the last. */
  readonly every: number;
  /** Stop after so many in a row that were no better by `minDelta`; never if null. */
  readonly patience: number | null;
  readonly minDelta: number;
  /** The figure by which an evaluation is the best, and by which a run stops early. */
  readonly best: BestBy;
}
