/** The lines of metrics.jsonl: figures stand beside the step, those of validation as `valLoss`, of the average as `emaValLoss`. */
import type { EvaluationRecord, Figures, Metrics, TrainingEvent } from '@gmlp/training';

/** `unit`: of its pace, `tokensPerSecond`. */
export function metricsRecord({ step, loss, figures, unitsPerSecond, speed, ...rest }: Metrics, unit: string): object {
  const { learningRate, ...clock } = rest;
  const fast = speed && { gflopsPerSecond: speed.flops / 1e9, productShare: speed.productShare };
  return { step, loss, ...figures, learningRate, [`${unit}PerSecond`]: unitsPerSecond, ...fast, ...clock };
}

export function evaluationRecord({ step, figures, average = {} }: EvaluationRecord): object {
  return { step, ...prefixed('val', figures), ...prefixed('emaVal', average) };
}

export interface RunCosts {
  readonly parameters: number;
  /** Of training, all sessions together. */
  readonly seconds: number;
  /** The most memory that the process of the last session held. */
  readonly peakBytes: number;
}

/** The last line of a run that has ended: the figures of the parameters that it keeps, those of a model that knows nothing, what it took. */
export function summingUp({ figures, average = {} }: EvaluationRecord, baseline: Figures, costs: RunCosts): object {
  return { ...prefixed('val', figures), ...prefixed('emaVal', average), ...baseline, ...costs };
}

/** What follows of a mean loss, as a task's data has it: beside the figures that training gives. */
export type Following = (loss: number) => Figures;

/** An event with the figures that follow: in records and evaluations of the parameters and of their average. */
export function withFollowing(event: TrainingEvent, following: Following | undefined): TrainingEvent {
  if (following === undefined) return event;
  if (event.kind === 'record') {
    const { loss, figures } = event.metrics;
    return { ...event, metrics: { ...event.metrics, figures: { ...figures, ...following(loss) } } };
  }
  return event.kind === 'evaluation' ? { ...event, evaluation: evaluationWithFollowing(event.evaluation, following) } : event;
}

export function evaluationWithFollowing(
  { figures, average, ...rest }: EvaluationRecord,
  following: Following | undefined,
): EvaluationRecord {
  return {
    ...rest,
    figures: figuresWithFollowing(figures, following),
    ...(average && { average: figuresWithFollowing(average, following) }),
  };
}

/** Where there is a mean loss, of which something follows. */
export function figuresWithFollowing(figures: Figures, following: Following | undefined): Figures {
  const { loss } = figures;
  return loss === undefined || following === undefined ? figures : { ...figures, ...following(loss) };
}

/** `valPerplexity` */
export const prefixedName = (prefix: string, name: string): string => `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;

export function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [prefixedName(prefix, name), value]));
}
