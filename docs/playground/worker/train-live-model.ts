import { GmlpError, split } from '@gmlp/base';
import { maskOptions, type PackedSequences, trainingBatches } from '@gmlp/text';
import { hostBatches, linearWarmup, type Metrics, train } from '@gmlp/training';
import { type LiveModel, rootKey } from './live-model.ts';

/** Sequences in a step. */
export const batchSize = 8;

export interface TrainingPlan {
  readonly packed: PackedSequences;
  readonly steps: number;
  readonly peakRate: number;
}

export interface TrainingWatch {
  readonly signal: AbortSignal;
  /** Told of each step; the next begins when it is done. */
  readonly onStep: (metrics: Metrics) => Promise<void>;
}

/**
 * Trains from where the model is to the last step of the plan, or until the signal. A plan that is taken up again goes on as if
 * it had not been left.
 */
export async function trainLiveModel(
  { device, step, state, tokenizer }: LiveModel,
  { packed, steps, peakRate }: TrainingPlan,
  { signal, onStep }: TrainingWatch,
): Promise<'finished' | 'stopped'> {
  try {
    const records = train({
      device,
      step,
      state,
      batches: hostBatches(
        trainingBatches(packed, batchSize, split(rootKey, 'batches'), maskOptions(tokenizer), state.step),
        ({ ids }) => ids.data.length,
      ),
      schedule: linearWarmup({ peak: peakRate, warmupSteps: Math.ceil(steps / 10), steps }),
      steps,
      key: split(rootKey, 'steps'),
      signal,
    });
    for await (const metrics of records) await onStep(metrics);
    return 'finished';
  } catch (error) {
    if (GmlpError.isInstance(error) && error.code === 'aborted') return 'stopped';
    throw error;
  }
}
