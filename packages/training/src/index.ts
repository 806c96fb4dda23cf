export { type EvaluateOptions, type Evaluation, type Evaluator, evaluator } from './evaluate.ts';
export { formatDuration, formatMetrics, formatNumber } from './format-metrics.ts';
export { countIds, perplexity, unigramLogProbabilities, unigramPerplexity } from './perplexity.ts';
export { type Decay, type LinearWarmupOptions, linearWarmup, type Schedule } from './schedule.ts';
export { type Metrics, type TrainingState, type TrainOptions, train } from './train.ts';
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
