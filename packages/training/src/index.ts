export { adamwOptimiser } from './adamw-optimiser.ts';
export { type AveragedState, averaged } from './averaged.ts';
export { clipped } from './clipped.ts';
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export { type EvaluationParts, evaluation } from './evaluation.ts';
export { type BestBy, bestEvaluation, type EvaluationRecord } from './evaluation-record.ts';
export { alone, type Exchange } from './exchange.ts';
export { formatMetrics, formatSpeed, type MetricsOf } from './format-metrics.ts';
export { type HostBatch, type HostBatches, hostBatches } from './host-batch.ts';
export { lionOptimiser } from './lion-optimiser.ts';
export { lossObjective } from './loss-objective.ts';
export type { Evaluator, Figures, LossFunction, LossSum, MeasureOptions, Objective, OpenEvaluator } from './objective.ts';
export type { Optimiser, StepScalars } from './optimiser.ts';
export type { AdamWSettings, LionSettings, OptimiserSettings, RateSettings, SgdSettings } from './optimiser-settings.ts';
export { type Decay, type LinearWarmupOptions, linearWarmup, type Schedule } from './schedule.ts';
export { sgdOptimiser } from './sgd-optimiser.ts';
export type { TimeSplit } from './step-clock.ts';
export { type Metrics, type Speed, type TrainedStep, type TrainStepsOptions, trainSteps, type Work } from './train-steps.ts';
export type { EvaluationPlan, TrainingPlan } from './training-plan.ts';
export {
  type RunCheckpoint,
  type RunProgress,
  type TrainingEvent,
  type TrainingRunOptions,
  trainingRun,
} from './training-run.ts';
export { type HostTrainingState, putState, readState, type TrainingState } from './training-state.ts';
export {
  type MeasuredGradients,
  type SummedGradients,
  summedGradients,
  type TrainingStep,
  trainingStep,
} from './training-step.ts';
