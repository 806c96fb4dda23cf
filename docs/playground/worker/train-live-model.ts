import { split } from '@gmlp/base';
import { type MaskedLanguageBatch, maskedLanguageLoss } from '@gmlp/models';
import { maskOptions, type PackedSequences, trainingBatches } from '@gmlp/text';
import { hostBatches, lossObjective, type Metrics, type TrainingPlan, trainingRun } from '@gmlp/training';
import { factsOf, type LiveModel, type ModelParameters, type Moment, rootKey, seed } from './live-model.ts';

/** Sequences in a step. */
export const batchSize = 8;
/** Steps between two copies of the model to the host: no more than those are lost when a step fails. */
const checkpointEvery = 50;

export interface LiveTraining {
  readonly packed: PackedSequences;
  readonly steps: number;
  readonly peakRate: number;
}

export interface TrainingWatch {
  readonly signal: AbortSignal;
  readonly onRecord: (metrics: Metrics) => void;
  /** After each step; the next begins when it is done. */
  readonly betweenSteps: (moment: Moment) => Promise<void>;
}

/**
 * Trains from where the model is to the last step, or until the signal; it rests as its last checkpoint says. A training that is taken
 * up again goes on as if it had not been left.
 */
export async function trainLiveModel(
  live: LiveModel,
  { packed, ...training }: LiveTraining,
  { signal, onRecord, betweenSteps }: TrainingWatch,
): Promise<'finished' | 'stopped'> {
  const { device, module, tokenizer, resting } = live;
  const asked = factsOf(live).causal ? 'next-token' : maskOptions(tokenizer);
  const events = trainingRun<ModelParameters, MaskedLanguageBatch>(planOf(training), {
    device,
    spec: module.spec,
    objective: lossObjective(maskedLanguageLoss(module)),
    training: (first) =>
      hostBatches(trainingBatches(packed, batchSize, split(rootKey, 'batches'), asked, first), ({ ids }) => ids.data.length),
    ...('optimiser' in resting ? { from: resting } : { parameters: resting.model }),
    signal,
    onStep: (step, params) => betweenSteps({ params, step }),
  });
  let outcome: 'finished' | 'stopped' = 'finished';
  for await (const event of events) {
    if (event.kind === 'record') onRecord(event.metrics);
    else if (event.kind === 'checkpoint') live.resting = event.checkpoint;
    else if (event.kind === 'end' && event.outcome === 'stopped') outcome = 'stopped';
  }
  return outcome;
}

function planOf({ steps, peakRate }: Omit<LiveTraining, 'packed'>): TrainingPlan {
  return {
    ...{ seed, steps, accumulate: 1, recordEvery: 1, evaluation: null, checkpoints: { every: checkpointEvery } },
    optimiser: {
      ...{ name: 'adamw', weightDecay: 0.01, epsilon: 1e-6, betas: [0.9, 0.999], clipNorm: null, ema: null },
      ...{ peakRate, warmupSteps: Math.ceil(steps / 10), decay: 'linear' },
    },
  };
}
