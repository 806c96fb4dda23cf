/** What a run measures on its held-out batches, and what follows of it: which evaluation is the best, and when to stop early. */
import { GmlpError } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { earlyStopping } from './early-stopping.ts';
import { badness, bestEvaluation, type EvaluationRecord } from './evaluation-record.ts';
import { alone, type Exchange } from './exchange.ts';
import { expectFigure } from './expect-plan.ts';
import { expectBatches } from './expect-run.ts';
import type { HostBatches } from './host-batch.ts';
import type { Figures, Objective } from './objective.ts';
import type { TrainingPlan } from './training-plan.ts';

type Evaluations = readonly EvaluationRecord[];

export interface HeldOut<P> {
  /** After this step, which the evaluations so far may know already. */
  due(step: number, evaluations: Evaluations): boolean;
  measure(params: P, step: number): Promise<Figures>;
  best(evaluations: Evaluations): EvaluationRecord | undefined;
  stopsEarly(evaluations: Evaluations): boolean;
  dispose(): Promise<void>;
}

export interface HeldOutOptions<P, B, About> {
  readonly device: Device;
  readonly objective: Objective<P, B, About>;
  readonly exchange?: Exchange;
  readonly validation?: (() => HostBatches<B, About>) | undefined;
  readonly signal: AbortSignal;
  readonly onEvaluationBatch?: (done: number) => void;
}

/** Where the plan has no evaluation, none is ever due. */
export function heldOut<P, B, About>(
  { steps, evaluation }: Pick<TrainingPlan, 'steps' | 'evaluation'>,
  { device, exchange = alone, objective, validation, signal, onEvaluationBatch }: HeldOutOptions<P, B, About>,
): HeldOut<P> {
  if (evaluation === null || validation === undefined) return nothing;
  const { every, patience, minDelta, best } = evaluation;
  const evaluator = objective.evaluator(device, exchange);
  const early = earlyStopping({ patience: patience ?? Number.MAX_SAFE_INTEGER, minDelta });
  return {
    due: (step, evaluations) => step > 0 && (step % every === 0 || step === steps) && evaluations.at(-1)?.step !== step,
    async measure(params, step) {
      try {
        const batches = expectBatches('validation', validation());
        const figures = await evaluator.measure(params, batches, { signal, onBatch: onEvaluationBatch });
        expectFigure(figures, best);
        return figures;
      } catch (error) {
        if (!GmlpError.isInstance(error) || error.code !== 'numerical') throw error;
        throw new GmlpError('numerical', `${error.message} (after step ${step})`, { step }, { cause: error });
      }
    },
    best: (evaluations) => bestEvaluation(evaluations, best),
    stopsEarly: (evaluations) => early(evaluations.map((each) => badness(each, best))).stop,
    dispose: () => evaluator.dispose(),
  };
}

const nothing: HeldOut<unknown> = {
  due: () => false,
  measure: async () => ({}),
  best: () => undefined,
  stopsEarly: () => false,
  dispose: async () => undefined,
};
