/** The lines of metrics.jsonl: figures stand beside the step, those of validation as `valLoss`, of the average as `emaValLoss`. */
import type { EvaluationRecord, Figures, Metrics } from '@gmlp/training';

/** `unit`: of its pace, `tokensPerSecond`. */
export function metricsRecord({ step, loss, figures, unitsPerSecond, ...rest }: Metrics, unit: string): object {
  const { learningRate, ...clock } = rest;
  return { step, loss, ...figures, learningRate, [`${unit}PerSecond`]: unitsPerSecond, ...clock };
}

export function evaluationRecord({ step, figures, average = {} }: EvaluationRecord): object {
  return { step, ...prefixed('val', figures), ...prefixed('emaVal', average) };
}

/** The last line of a run that has ended: the figures of the parameters that it keeps, those of a model that knows nothing, and seconds. */
export function summingUp({ figures, average = {} }: EvaluationRecord, baseline: Figures, seconds: number): object {
  return { ...prefixed('val', figures), ...prefixed('emaVal', average), ...baseline, seconds };
}

/** `valPerplexity` */
export const prefixedName = (prefix: string, name: string): string => `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;

export function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [prefixedName(prefix, name), value]));
}
