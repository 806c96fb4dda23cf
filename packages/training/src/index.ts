export { adamwOptimiser } from './adamw-optimiser.ts';
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export { type EvaluateOptions, type Evaluation, type Evaluator, evaluator } from './evaluate.ts';
export { formatDuration, formatMetrics, formatNumber } from './format-metrics.ts';
export { type MaskedLanguageBatch, maskedLanguageLoss } from './masked-language.ts';
export { countIds, perplexity, unigramLogProbabilities, unigramPerplexity } from './perplexity.ts';
export { type Decay, type LinearWarmupOptions, linearWarmup, type Schedule } from './schedule.ts';
export type { TimeSplit } from './step-clock.ts';
export { type Metrics, type TrainedStep, type TrainOptions, train, trainSteps } from './train.ts';
export { type HostTrainingState, putState, readState, type TrainingState } from './training-state.ts';
export {
  disposeTree,
  type LossAndGradients,
  type LossFunction,
  type LossSum,
  lossAndGradients,
  type Optimiser,
  type TrainingStep,
  trainingStep,
} from './training-step.ts';
